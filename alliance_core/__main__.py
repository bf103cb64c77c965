"""``python -m alliance_core`` is ``alliance``."""

from alliance_core.cli import main

if __name__ == "__main__":
    main()
