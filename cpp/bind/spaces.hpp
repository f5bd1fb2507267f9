// The native half of the spaces whose elements are arrays.
//
// Every function answers None where the arguments are not what it is fast for, such as an array of
// another dtype or layout; the Python half then takes the general way.
#pragma once

#include <nanobind/nanobind.h>

namespace dromos::bind {

// Random elements. `generator` is a numpy.random.Generator, `dtype` the space's.
nanobind::object sample_box(nanobind::handle generator, nanobind::handle dtype,
                            nanobind::handle low, nanobind::handle high,
                            nanobind::handle limited_below, nanobind::handle limited_above);
nanobind::object sample_counts(nanobind::handle generator, nanobind::handle dtype,
                               nanobind::handle start, nanobind::handle counts);
nanobind::object sample_discrete(nanobind::handle generator, nanobind::handle dtype,
                                 nanobind::handle start, nanobind::handle n);
nanobind::object sample_binary(nanobind::handle generator, nanobind::handle shape);

// Whether `x` is an element: True or False.
nanobind::object box_contains(nanobind::handle x, nanobind::handle dtype, nanobind::handle shape,
                              nanobind::handle low, nanobind::handle high);
nanobind::object counts_contain(nanobind::handle x, nanobind::handle dtype, nanobind::handle start,
                                nanobind::handle counts);
nanobind::object discrete_contains(nanobind::handle x, nanobind::handle dtype,
                                   nanobind::handle start, nanobind::handle n);
nanobind::object binary_contains(nanobind::handle x, nanobind::handle shape);

// Whether the bounds have this shape and each lower one is below its upper one: True or False.
nanobind::object box_has_room(nanobind::handle shape, nanobind::handle low, nanobind::handle high);

// Flattened elements: new arrays of one axis.
nanobind::object flatten_array(nanobind::handle x, nanobind::handle dtype, nanobind::handle shape);
nanobind::object flatten_counts(nanobind::handle x, nanobind::handle dtype, nanobind::handle start,
                                nanobind::handle counts);
nanobind::object flatten_discrete(nanobind::handle x, nanobind::handle dtype,
                                  nanobind::handle start, nanobind::handle n);
// The elements of one-hot vectors `x`, one after the other; None unless each has exactly one 1.
nanobind::object unflatten_counts(nanobind::handle x, nanobind::handle dtype,
                                  nanobind::handle start, nanobind::handle counts);
// The element at the first 1 of `x`; None if there is none.
nanobind::object unflatten_discrete(nanobind::handle x, nanobind::handle dtype,
                                    nanobind::handle start, nanobind::handle n);
// The arrays of one axis in a list, one after the other, in their common dtype.
nanobind::object join(nanobind::handle arrays);

// Batches. `copy_to` copies an array to one of its dtype and shape, and answers whether it did;
// `copies` copies each array of a tuple to a new one; `stack` copies items, arrays or scalars, to
// the rows of `out`, or to some, and answers True.
nanobind::object copy_to(nanobind::handle batch, nanobind::handle out);
nanobind::object copies(nanobind::handle arrays);
nanobind::object stack(nanobind::handle items, nanobind::handle out, nanobind::handle rows);
// An iterator over the elements along the first axis of an array: views, or scalars of an array of
// one axis; for anything else, Python's iterator.
nanobind::object rows(nanobind::handle items);
// An iterator over the dicts of one element of each column, which are iterators.
nanobind::object records(nanobind::handle keys, nanobind::handle columns);
void register_iterators();

}  // namespace dromos::bind
