"""Running the components of a model one after the other."""

from functools import lru_cache
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.runner.dask import DaskGraphRunner

Plan = List[Tuple[str, Tuple[str, ...]]]
"""Names of components, each after those it needs, with the names of these."""


class StraightRunner(DaskGraphRunner):
    """Plans the order once; Dask does it again for every message."""

    def run(
        self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
    ) -> Dict[str, Any]:
        """The results of `targets`, by name. Raises what a component raises."""
        wanted = tuple(targets or self._graph_schema.target_names)
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plan(wanted):
            results[name] = self._instantiated_nodes[name](*(results[need] for need in needs))
        return dict(results[target] for target in wanted)

    @lru_cache(maxsize=8)  # noqa: B019 (one runner per process)
    def _plan(self, targets: Tuple[str, ...]) -> Plan:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: Plan = []
        done = set()

        def add(name: str) -> None:
            if name in nodes and name not in done:
                done.add(name)
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    add(need)
                plan.append((name, needs))

        for target in targets:
            add(target)
        return plan
