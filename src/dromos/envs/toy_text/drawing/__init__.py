"""The toy texts as pictures. Each drawing is a function of a canvas and a recorded state."""
