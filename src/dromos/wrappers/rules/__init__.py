"""What wrappers do, each thing written once for a single environment and for a vector's lanes."""
