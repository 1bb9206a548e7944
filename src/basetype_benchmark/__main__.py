"""Run the command line as ``python -m basetype_benchmark``."""

from basetype_benchmark.cli.main import main

if __name__ == "__main__":
    main()
