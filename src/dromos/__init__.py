"""dromos: Gymnasium's contract, at the speed of the hardware."""
