"""规则自检: worked cases, one JSON object a line, run against the product's real functions (rulebook Part 8).

`reader` reads them, `registry` lists the actions, one module an area holds them, `running` compares.
"""
