"""What is counted: official tables as data, the facts behind every cell, checks and workbooks."""
