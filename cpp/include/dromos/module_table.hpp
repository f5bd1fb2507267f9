// What a library of environments and the program that loads it tell each other: plain data and
// tables of functions, which compilers and standard libraries of different makes agree on. No
// exception and no memory to be freed by the other passes between them.
//
// Libraries write `DROMOS_MODULE` (module.hpp), which fills this in. Who changes anything here, or
// a struct that is named here, raises kModuleLayout.
#pragma once

#include <cstddef>
#include <cstdint>

#include "any_batch.hpp"
#include "instruction_set.hpp"

namespace dromos {

inline constexpr std::uint32_t kModuleLayout = 1;
// The function that a library exports.
inline constexpr const char* kModuleSymbol = "dromos_module";

// How a call ended. `Module::message` tells more, to the thread that called.
enum class Fault : std::int32_t { none, memory, overflow, value, other };

// One field of one way to draw a parameter: LaneDraws laid out flat. Rows come in the order of
// parameters, ways and fields.
struct DrawRow {
  std::size_t parameter;  // whose index is that of a row of the matrix of ways
  std::size_t way;
  Distribution distribution;
  double low, high, mean, deviation;
  std::size_t choices;
  std::size_t field;
  View<std::byte> values;
};

// A TransitionTable laid out flat.
struct TransitionRow {
  std::size_t place;  // states * actions + action
  TransitionTable::Way way;
};
struct FlatTransitions {
  std::int64_t actions;
  View<double> start;
  View<TransitionRow> rows;  // in the order of their places
};

// An AnyBatch of the library's. The functions do what those of the same name do there.
class ModuleBatch {
 public:
  virtual void destroy() noexcept = 0;
  virtual Fault fresh_lane(ModuleBatch** made) const noexcept = 0;
  virtual Episodes* episodes() noexcept = 0;

  virtual Fault read(Group group, std::size_t field, View<std::int64_t> lanes,
                     void* out) const noexcept = 0;
  virtual Fault write(Group group, std::size_t field, View<std::int64_t> lanes,
                      const void* in) noexcept = 0;
  virtual Fault default_options(View<std::int64_t> lanes) noexcept = 0;
  virtual bool params_uniform() const noexcept = 0;
  // `ways` has a row for each of the parameters and a column for each lane.
  virtual Fault set_draws(std::size_t parameters, View<DrawRow> rows,
                          const std::int32_t* ways) noexcept = 0;

  virtual Fault seed(std::size_t lane, View<std::uint32_t> words) noexcept = 0;
  virtual void read_rng(View<std::int64_t> lanes, std::byte* out) const noexcept = 0;
  virtual void write_rng(View<std::int64_t> lanes, const std::byte* in) noexcept = 0;

  virtual Fault reset(View<std::int64_t> lanes) noexcept = 0;
  virtual Fault observe(View<std::int64_t> lanes, void* const* leaves) noexcept = 0;
  virtual Fault inform(View<std::int64_t> lanes, void* const* columns) const noexcept = 0;
  // Valid until the next call; actions are 0 where the environment is not tabular.
  virtual Fault transitions(FlatTransitions* table) noexcept = 0;
  virtual std::int64_t first_bad_action(const void* actions, std::size_t count) const noexcept = 0;

  virtual Fault step_range(std::size_t begin, std::size_t end, const void* actions,
                           const Outputs& out) noexcept = 0;
  virtual Fault step_some(View<std::int64_t> lanes, const void* actions,
                          const Outputs& out) noexcept = 0;
  virtual Fault step_single(const void* action, void* const* leaves, void* const* columns,
                            Transition* made) noexcept = 0;

 protected:
  ~ModuleBatch() = default;
};

// One environment of a library's.
struct ModuleEntry {
  Layout layout;
  double step_nanoseconds;
  std::size_t piece;
  std::size_t rng_bytes;         // of a lane's stream
  std::size_t single_rng_bytes;  // of what `single` draws from
  Fault (*batch)(std::size_t lanes, Autoreset autoreset, std::int32_t limit, ModuleBatch** made);
  Fault (*single)(ModuleBatch** made);  // one lane that draws from a NumPy generator
};

struct Module {
  // Of whichever layout, a library begins with these: they are read before any other.
  std::uint64_t magic;
  std::uint32_t layout;  // kModuleLayout
  std::uint32_t sizes;   // kModuleSizes
  const char* compiler;  // that built the library, for messages
  // What follows is as this header says where the above is.
  const char* name;
  bool fuses;  // whether the compiler joined multiplications and additions, which gives other bits
  View<ModuleEntry> entries;
  const char* (*message)() noexcept;
  void (*limit_instruction_set)(InstructionSet most) noexcept;
};

inline constexpr std::uint64_t kModuleMagic = 0x736f6d6f7264;  // "dromos", the first byte last

// A hash of the sizes of all that passes between the two: what a change that nobody counted,
// another data model or packing of structs changes too.
inline constexpr std::uint32_t kModuleSizes = [] {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const std::size_t size : {sizeof(void*),
                                 sizeof(std::size_t),
                                 sizeof(bool),
                                 sizeof(Bounds),
                                 sizeof(FieldInfo),
                                 sizeof(Leaf),
                                 sizeof(ActionLayout),
                                 sizeof(Layout),
                                 sizeof(Episodes),
                                 sizeof(Outputs),
                                 sizeof(Transition),
                                 sizeof(TransitionRow),
                                 sizeof(DrawRow),
                                 sizeof(ModuleEntry),
                                 sizeof(Module),
                                 alignof(double),
                                 offsetof(Episodes, restarted),
                                 offsetof(Outputs, info),
                                 offsetof(FieldInfo, initial),
                                 kBlock})
    hash = (hash ^ static_cast<std::uint32_t>(size)) * 16777619;
  return hash;
}();

}  // namespace dromos
