"""The demo: the real stack on a local AWS gets samples of events/, and each is accounted for."""
