"""From a scene to SVG: one drawing in colour and one that guides the finish (how high each sheet lies, which area it is)."""
