"""``python -m anirec`` is the ``anirec`` command."""

from anirec.cli.main import main

main()
