"""How fast a published bundle answers on this machine, and in how much memory."""
