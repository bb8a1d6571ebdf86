"""The demo: the real stack on a local AWS, sent the samples of events/, and the sum checked."""
