"""The recorder under fire: networks, tabs, browsers and servers that die at random moments."""
