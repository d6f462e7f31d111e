"""``python -m qa.cli``: the command line without the installed script."""

from qa.cli.application import main

main()
