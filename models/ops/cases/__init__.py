"""The cases, one module a family; each has `cases() -> Iterator[Case]`."""
