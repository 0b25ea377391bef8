"""The commands of this room: `rfft-trace`, `rfft-check`, and the umbrella `rfft`."""
