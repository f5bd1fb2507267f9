"""`Graph`: directed graphs whose nodes and edges are elements of spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from dromos import logger
from dromos.error import CustomSpaceError
from dromos.homes import adopt
from dromos.spaces.composite import (
    CompositeSpace,
    checked_spaces,
    flatten_batch,
    no_fixed_size,
    stacked,
    unflatten_batch,
)
from dromos.spaces.masks import expect, steering
from dromos.spaces.space import Space

__all__ = ["Graph", "GraphInstance"]


@adopt
class GraphInstance(NamedTuple):
    """A graph of n nodes and m edges.

    Attributes:
        nodes: A batch of n elements of the node space.
        edges: A batch of m elements of the edge space, or None if there is no edge.
        edge_links: Int array (m, 2) of the nodes that each edge leads from and to, or None.
    """

    nodes: Any
    edges: Any
    edge_links: npt.NDArray[Any] | None


class Graph(CompositeSpace[GraphInstance]):
    """Directed graphs with an element of one space at each node and of another at each edge.

    Args:
        node_space: The space of the nodes.
        edge_space: The space of the edges, or None for graphs without edges.
        seed: An integer ≥ 0 from which the seeds of both are drawn, a tuple of seeds for the graph
            itself and for them, or a generator for the graph itself.

    Raises:
        TypeError: If one of the spaces is no space.
    """

    node_space: Space[Any]
    edge_space: Space[Any] | None
    is_np_flattenable = False  # pyright: ignore[reportIncompatibleMethodOverride, reportAssignmentType]

    def __init__(
        self,
        node_space: Space[Any],
        edge_space: Space[Any] | None,
        seed: int | np.integer[Any] | tuple[Any, ...] | np.random.Generator | None = None,
    ) -> None:
        self.node_space, *_ = checked_spaces(
            [node_space] if edge_space is None else [node_space, edge_space]
        )
        self.edge_space = edge_space
        super().__init__(None, None, seed)

    @property
    def batch_node_space(self) -> Space[Any]:
        """The space of batches of one node."""
        batch: Space[Any] = self.node_space._batch(1)
        return batch

    @property
    def batch_edge_space(self) -> Space[Any] | None:
        """The space of batches of one edge, or None for graphs without edges."""
        return None if self.edge_space is None else self.edge_space._batch(1)

    def _subspaces(self) -> list[Space[Any]]:
        return [self.node_space] if self.edge_space is None else [self.node_space, self.edge_space]

    def seed(
        self, seed: int | np.integer[Any] | tuple[Any, ...] | list[Any] | None = None
    ) -> tuple[Any, ...]:
        """Seed the graph, its node space, and its edge space if there is one.

        Args:
            seed: None to seed each from the system, an integer ≥ 0 for the graph, from which the
                others are drawn, or a tuple with the seed of each.

        Returns:
            The seeds of the graph, of its node space, and of its edge space if there is one.
        """
        return self._seed_own_and_subspaces(seed, self._subspaces())

    def sample(
        self,
        mask: tuple[Any, Any] | None = None,
        probability: tuple[Any, Any] | None = None,
        num_nodes: int = 10,
        num_edges: int | None = None,
    ) -> GraphInstance:
        """Return a random graph.

        Args:
            mask: ``(nodes, edges)``: the masks for a batch of the nodes and for one of the edges,
                or None. Without `num_edges`, the second is for one edge and stands for all.
            probability: Likewise.
            num_nodes: The number of nodes, positive.
            num_edges: The number of edges; if None, drawn below n (n - 1) for n ≥ 2 nodes, else 0.

        Raises:
            MaskError: If the mask or the probability is no pair, or a number is out of range.
            ValueError: If both are given.
        """
        name, pair = steering(mask, probability)
        expect(num_nodes > 0, "num_nodes", "positive", num_nodes)
        node_mask, edge_mask = (None, None) if pair is None else pair
        if num_edges is None:
            possible = num_nodes * (num_nodes - 1)
            num_edges = int(self.np_random.integers(possible)) if possible > 0 else 0
            if edge_mask is not None:
                edge_mask = (edge_mask,) * num_edges
        else:
            expect(num_edges >= 0, "num_edges", "≥ 0", num_edges)
            if self.edge_space is None:
                logger.warn(
                    f"The number of edges is set ({num_edges}) but the edge space is None.",
                    stacklevel=2,
                )
        nodes = _sample_batch(self.node_space, num_nodes, name, node_mask)
        if self.edge_space is None or num_edges == 0:
            return GraphInstance(nodes, None, None)
        edges = _sample_batch(self.edge_space, num_edges, name, edge_mask)
        links = self.np_random.integers(0, num_nodes, (num_edges, 2), np.int32)
        return GraphInstance(nodes, edges, links)

    def contains(self, x: Any) -> bool:
        """Return whether `x` is a `GraphInstance` of such nodes and edges, linking its nodes."""
        if not isinstance(x, GraphInstance) or x.nodes is None:
            return False
        try:
            nodes = list(self.node_space._unbatch(x.nodes))
            if not all(map(self.node_space.contains, nodes)):
                return False
            if x.edges is None or x.edge_links is None:
                return x.edges is None and x.edge_links is None
            if self.edge_space is None:
                return False
            edges = list(self.edge_space._unbatch(x.edges))
        except (TypeError, ValueError, LookupError, CustomSpaceError):  # `x` holds no batches
            return False
        return all(map(self.edge_space.contains, edges)) and _links(
            x.edge_links, len(edges), len(nodes)
        )

    def to_jsonable(self, sample_n: Iterable[GraphInstance]) -> list[dict[str, Any]]:
        """Return a dict a graph, with its nodes and edges as their spaces make them."""
        return [self._to_jsonable(sample) for sample in sample_n]

    def _to_jsonable(self, sample: GraphInstance) -> dict[str, Any]:
        # One list more than needed, which is Gymnasium's form: a batch of one batch.
        graph: dict[str, Any] = {"nodes": [_batch_to_jsonable(self.node_space, sample.nodes)]}
        if sample.edge_links is not None and self.edge_space is not None:
            graph["edges"] = [_batch_to_jsonable(self.edge_space, sample.edges)]
            graph["edge_links"] = sample.edge_links.tolist()
        return graph

    def from_jsonable(self, sample_n: Iterable[Mapping[str, Any]]) -> list[GraphInstance]:
        """Return the elements of `to_jsonable`."""
        return [self._from_jsonable(sample) for sample in sample_n]

    def _from_jsonable(self, sample: Mapping[str, Any]) -> GraphInstance:
        nodes = stacked(self.node_space, self.node_space.from_jsonable(sample["nodes"][0]))
        if "edges" not in sample or self.edge_space is None:
            return GraphInstance(nodes, None, None)
        edges = stacked(self.edge_space, self.edge_space.from_jsonable(sample["edges"][0]))
        return GraphInstance(nodes, edges, np.asarray(sample["edge_links"], np.int32))

    def __repr__(self) -> str:
        return f"Graph({self.node_space}, {self.edge_space})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Graph)
            and self.node_space == other.node_space
            and self.edge_space == other.edge_space
        )

    def __hash__(self) -> int:
        return hash((Graph, self.node_space, self.edge_space))

    def __setstate__(self, state: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> None:
        """Restore a pickled space, of Gymnasium's attributes too."""
        derived = ("batch_node_space", "batch_edge_space")
        super().__setstate__({k: v for k, v in dict(state).items() if k not in derived})

    def _is_equivalent(self, other: Any) -> bool:
        if not isinstance(other, Graph):
            return False
        mine, theirs = self._subspaces(), other._subspaces()
        return len(mine) == len(theirs) and all(map(Space._is_equivalent, mine, theirs))

    def _flatten(self, x: GraphInstance) -> GraphInstance:
        return self._mapped(flatten_batch, x)

    def _unflatten(self, x: GraphInstance) -> GraphInstance:
        return self._mapped(unflatten_batch, x)

    def _mapped(
        self, function: Callable[[Space[Any], Any], Any], x: GraphInstance
    ) -> GraphInstance:
        """Return `x` with `function` applied to its nodes and its edges."""
        has_edges = x.edges is not None and self.edge_space is not None
        edges = function(self._subspaces()[1], x.edges) if has_edges else None
        return GraphInstance(function(self.node_space, x.nodes), edges, x.edge_links)

    def _flat_space(self) -> Graph:
        edge_space = None if self.edge_space is None else self.edge_space._flat_space()
        return Graph(self.node_space._flat_space(), edge_space)

    def _zero(self) -> GraphInstance:
        """Return one node, and one edge from it to itself if the space has edges."""
        nodes = self.node_space._batch(1)._zero()
        if self.edge_space is None:
            return GraphInstance(nodes=nodes, edges=None, edge_links=None)
        edges = self.edge_space._batch(1)._zero()
        return GraphInstance(nodes=nodes, edges=edges, edge_links=np.zeros((1, 2), np.int64))

    def _create_empty(self, n: int, fn: Callable[..., Any]) -> tuple[GraphInstance, ...]:
        return tuple([self._create_one(fn) for _ in range(n)])

    def _create_one(self, fn: Callable[..., Any]) -> GraphInstance:
        """Return a graph of one node and, if the space has edges, one edge."""
        nodes = self.node_space._create_empty(1, fn)
        if self.edge_space is None:
            return GraphInstance(nodes, None, None)
        return GraphInstance(
            nodes, self.edge_space._create_empty(1, fn), fn((1, 2), dtype=np.int64)
        )

    def _not_shareable(self, function: str) -> Any:
        raise no_fixed_size(self)

    def _json_fields(self) -> dict[str, Any]:
        return {
            "node_space": self.node_space.to_json_tree(),
            "edge_space": None if self.edge_space is None else self.edge_space.to_json_tree(),
        }

    @classmethod
    def _from_json_fields(cls, fields: Any) -> Self:
        has_edges = fields.get("edge_space", dict, type(None)) is not None
        return cls(fields.space("node_space"), fields.space("edge_space") if has_edges else None)


def _sample_batch(space: Space[Any], n: int, name: str, mask: Any) -> Any:
    """Return a batch of `n` elements, drawn from a copy of the generator of `space`."""
    batch: Space[Any] = space._batch(n)
    sample = batch.sample() if mask is None else batch.sample(**{name: mask})
    space.np_random.random()  # or the next graph would have the same elements
    return sample


def _batch_to_jsonable(space: Space[Any], batch: Any) -> Any:
    return space.to_jsonable(list(space._unbatch(batch)))


def _links(edge_links: Any, num_edges: int, num_nodes: int) -> bool:
    """Return whether `edge_links` is an int array (num_edges, 2) of indices of nodes."""
    return (
        isinstance(edge_links, np.ndarray)
        and edge_links.dtype.kind in "iu"
        and edge_links.shape == (num_edges, 2)
        and bool(((edge_links >= 0) & (edge_links < num_nodes)).all())
    )
