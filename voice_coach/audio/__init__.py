"""Samples in and out: the duplex stream, files, devices and their check, the recorder."""
