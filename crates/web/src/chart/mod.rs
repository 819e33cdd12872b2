//! Charts: SVG made on the server, each with its figures beside it in a table.
