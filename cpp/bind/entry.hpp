// How the lanes of one environment are made: all of its code is instantiated here.
#pragma once

#include "catalogue.hpp"
#include "dromos/batch.hpp"

namespace dromos::bind {

template <class D>
Entry entry() {
  const auto batch = [](std::size_t lanes, Autoreset autoreset, std::int32_t limit) {
    return std::unique_ptr<AnyBatch>(std::make_unique<Batch<D>>(lanes, autoreset, limit));
  };
  const auto single = [] {
    return std::unique_ptr<AnyBatch>(std::make_unique<Batch<D, NumpyBits>>(1, Autoreset::disabled));
  };
  return {D::name, Maker{batch, single}};
}

}  // namespace dromos::bind
