"""How fast it is, in ratios: the whole product against pgbench, a bare page and stock pages."""
