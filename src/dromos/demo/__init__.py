"""The demonstration: an agent learns CartPole from nothing, is judged, drawn and filmed."""
