"""The scripted conflicts: what a partner says, feels and needs, and where a reply leads.

::

    library    find, list and begin scenarios     cheap to import
    reading    YAML to Scenario, faults by file and line
    model      the values, checked by pydantic

Importing this package loads none of them.
"""
