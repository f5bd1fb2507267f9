// Batches with the arrays that they write to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <dromos/batch.hpp>
#include <numeric>
#include <vector>

namespace dromos::testing {

// Arrays of a caller's, one a leaf of an observation or a field of an info.
struct Arrays {
  void add(std::size_t bytes) { places.push_back(memory.emplace_back(bytes).data()); }
  bool operator==(const Arrays& other) const { return memory == other.memory; }

  std::vector<std::vector<std::byte>> memory;
  std::vector<void*> places;
};

// Everything that a step reports.
struct Buffers {
  explicit Buffers(const AnyBatch& batch)
      : reward(batch.lanes()), terminated(batch.lanes()), truncated(batch.lanes()) {
    for (Arrays* arrays : {&observation, &final_observation})
      for (const Leaf& leaf : batch.layout().observation)
        arrays->add(row_bytes(leaf) * batch.lanes());
    for (Arrays* arrays : {&info, &final_info})
      for (const FieldInfo& field : batch.layout().info) arrays->add(field.bytes * batch.lanes());
  }
  Outputs outputs() {
    return {observation.places.data(),
            reward.data(),
            terminated.data(),
            truncated.data(),
            final_observation.places.data(),
            info.places.data(),
            final_info.places.data()};
  }
  bool operator==(const Buffers&) const = default;

  Arrays observation, final_observation, info, final_info;
  std::vector<double> reward;
  std::vector<std::uint8_t> terminated, truncated;
};

inline std::vector<std::int64_t> everyone(const AnyBatch& batch) {
  std::vector<std::int64_t> lanes(batch.lanes());
  std::iota(lanes.begin(), lanes.end(), 0);
  return lanes;
}

// Lane i draws from the stream of seed first + i.
inline void start_all(AnyBatch& batch, std::uint32_t first = 0) {
  for (std::size_t lane = 0; lane < batch.lanes(); ++lane) {
    const std::uint32_t word[] = {first + static_cast<std::uint32_t>(lane)};
    batch.seed(lane, word);
  }
  batch.reset(everyone(batch));
}

inline std::vector<std::int64_t> actions_at(std::size_t step, std::size_t lanes,
                                            std::int64_t choices) {
  std::vector<std::int64_t> actions(lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane)
    actions[lane] = static_cast<std::int64_t>((step * 7919 + lane * 104729) >> 3) % choices;
  return actions;
}

}  // namespace dromos::testing
