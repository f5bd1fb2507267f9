#include "modules.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue.hpp"

namespace dromos::bind {
namespace {

constexpr std::int64_t kFirstLane[] = {0};

// An environment of a library, under the name by which it is known here. Lives as long as the
// program.
struct Origin {
  const Module& module;
  const ModuleEntry& entry;
  std::string name;
  Layout layout;

  Origin(const Module& from, const ModuleEntry& one)
      : module(from),
        entry(one),
        name(std::string(from.name) + "/" + one.layout.name),
        layout(one.layout) {
    layout.name = name.c_str();
  }

  void check(Fault fault) const {
    switch (fault) {
      case Fault::none:
        return;
      case Fault::memory:
        throw std::bad_alloc();
      case Fault::overflow:
        throw std::overflow_error(message());
      case Fault::value:
        throw std::invalid_argument(message());
      case Fault::other:
        break;
    }
    throw std::runtime_error(message());
  }

  std::string message() const { return name + ": " + module.message(); }
};

// A batch of a library's behind the interface of our own.
class Loaded final : public AnyBatch {
 public:
  template <class Make>
  static std::unique_ptr<AnyBatch> make(const Origin& origin, bool single, const Make& make) {
    ModuleBatch* made = nullptr;
    origin.check(make(&made));
    return std::make_unique<Loaded>(origin, single, made);
  }

  Loaded(const Origin& origin, bool single, ModuleBatch* batch)
      : origin_(origin),
        batch_(batch),
        episodes_(*batch->episodes()),
        rng_bytes_(single ? origin.entry.single_rng_bytes : origin.entry.rng_bytes),
        single_(single) {}

  const Layout& layout() const override { return origin_.layout; }
  std::size_t lanes() const override { return episodes_.count; }
  std::unique_ptr<AnyBatch> fresh_lane() const override {
    return make(origin_, single_, [&](ModuleBatch** made) { return batch_->fresh_lane(made); });
  }
  double cost(std::size_t lanes) const override {
    return origin_.entry.step_nanoseconds * static_cast<double>(lanes);
  }
  Episodes& episodes() override { return episodes_; }

  void read(Group group, std::size_t field, std::span<const std::int64_t> lanes,
            void* out) const override {
    origin_.check(batch_->read(group, field, lanes, out));
  }
  void write(Group group, std::size_t field, std::span<const std::int64_t> lanes,
             const void* in) override {
    origin_.check(batch_->write(group, field, lanes, in));
  }
  void default_options(std::span<const std::int64_t> lanes) override {
    origin_.check(batch_->default_options(lanes));
  }
  bool params_uniform() const override { return batch_->params_uniform(); }
  void set_draws(std::vector<LaneDraws> draws) override {
    std::vector<DrawRow> rows;
    std::vector<std::int32_t> ways;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      ways.insert(ways.end(), draws[i].way.begin(), draws[i].way.end());
      for (std::size_t way = 0; way < draws[i].ways.size(); ++way)
        for (const ParameterDraw& d = draws[i].ways[way]; const auto& values : d.fields)
          rows.push_back({i, way, d.distribution, d.low, d.high, d.mean, d.deviation, d.choices,
                          values.field, std::span<const std::byte>(values.bytes)});
    }
    origin_.check(batch_->set_draws(draws.size(), std::span<const DrawRow>(rows), ways.data()));
  }

  void seed(std::size_t lane, std::span<const std::uint32_t> words) override {
    origin_.check(batch_->seed(lane, words));
  }
  std::size_t rng_bytes() const override { return rng_bytes_; }
  void read_rng(std::span<const std::int64_t> lanes, std::byte* out) const override {
    batch_->read_rng(lanes, out);
  }
  void write_rng(std::span<const std::int64_t> lanes, const std::byte* in) override {
    batch_->write_rng(lanes, in);
  }

  void reset(std::span<const std::int64_t> lanes) override { origin_.check(batch_->reset(lanes)); }
  void observe(std::span<const std::int64_t> lanes, void* const* leaves) override {
    origin_.check(batch_->observe(lanes, leaves));
  }
  void inform(std::span<const std::int64_t> lanes, void* const* columns) const override {
    origin_.check(batch_->inform(lanes, columns));
  }
  std::optional<TransitionTable> transitions() const override {
    FlatTransitions flat;
    origin_.check(batch_->transitions(&flat));
    if (flat.actions == 0) return std::nullopt;
    TransitionTable table{flat.actions, {flat.start.begin(), flat.start.end()}, {}};
    table.ways.resize(flat.start.size() * static_cast<std::size_t>(flat.actions));
    for (const TransitionRow& row : flat.rows) table.ways[row.place].push_back(row.way);
    return table;
  }

  std::int64_t first_bad_action(const void* actions, std::size_t count) const override {
    return batch_->first_bad_action(actions, count);
  }
  std::size_t piece() const override { return origin_.entry.piece; }
  void step_range(std::size_t begin, std::size_t end, const void* actions,
                  const Outputs& out) override {
    origin_.check(batch_->step_range(begin, end, actions, out));
  }
  void step_some(std::span<const std::int64_t> lanes, const void* actions,
                 const Outputs& out) override {
    origin_.check(batch_->step_some(lanes, actions, out));
  }
  Transition step_single(const void* action, void* const* leaves, void* const* columns) override {
    Transition made;
    origin_.check(batch_->step_single(action, leaves, columns, &made));
    return made;
  }

 private:
  struct Destroy {
    void operator()(ModuleBatch* batch) const { batch->destroy(); }
  };

  const Origin& origin_;
  std::unique_ptr<ModuleBatch, Destroy> batch_;
  Episodes& episodes_;
  std::size_t rng_bytes_;
  bool single_;
};

// A library that is closed again unless it is kept.
class Library {
 public:
  explicit Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw ModuleError{"it cannot be loaded: " + std::string(dlerror())};
  }
  ~Library() {
    if (handle_ != nullptr) dlclose(handle_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void* symbol(const char* name) const { return dlsym(handle_, name); }
  void keep() { handle_ = nullptr; }

 private:
  void* handle_;
};

std::vector<const Module*>& modules() {
  static std::vector<const Module*> loaded;
  return loaded;
}

constexpr const char* kRebuild =
    "; build it again with the headers of this dromos (dromos.get_include(), or `pip install "
    "--no-build-isolation --force-reinstall --no-deps` of its package)";

// Nothing but the first members of the module is read before they are known to be what they are
// here.
void check_module(const Module* module) {
  if (module == nullptr || module->magic != kModuleMagic)
    throw ModuleError{"what it exports as dromos_module is something else"};
  const std::string built = "it was built, by compiler " + std::string(module->compiler) + ", ";
  if (module->layout != kModuleLayout)
    throw ModuleError{built + "for modules of layout " + std::to_string(module->layout) +
                      ", and this dromos loads those of layout " + std::to_string(kModuleLayout) +
                      kRebuild};
  if (module->sizes != kModuleSizes)
    throw ModuleError{built + "with structs of other sizes than those of this dromos" + kRebuild};
  if (module->fuses)
    throw ModuleError{built +
                      "without -ffp-contract=off, so that its episodes would differ between "
                      "machines; build it again with that option, which CMake's dromos::dromos and "
                      "pkg-config pass"};
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return c == '_' || (c < 0x80 && std::isalnum(c) != 0);
  });
}

// The names of its environments, checked against each other and those there are.
void check_names(const Module& module) {
  if (!is_name(module.name))
    throw ModuleError{"its module is called '" + std::string(module.name) +
                      "'; the first argument of DROMOS_MODULE is made of letters, digits and '_'"};
  std::set<std::string_view> names;
  const std::string prefix = std::string(module.name) + "/";
  for (const ModuleEntry& entry : module.entries) {
    const std::string name = entry.layout.name == nullptr ? "" : entry.layout.name;
    if (!is_name(name))
      throw ModuleError{"an environment of it is called '" + name +
                        "'; a `name` is made of letters, digits and '_'"};
    if (!names.insert(entry.layout.name).second)
      throw ModuleError{"two of its environments are called '" + name +
                        "'; give each struct a `name` of its own"};
    if (catalogue().contains(prefix + name))
      throw ModuleError{"an environment called '" + prefix + name +
                        "' is loaded already, from another library; a module's name, the first "
                        "argument of DROMOS_MODULE, belongs to one library"};
  }
}

}  // namespace

const Module& load_module(const std::string& path) {
  Library library(path);
  void* symbol = library.symbol(kModuleSymbol);
  if (symbol == nullptr)
    throw ModuleError{
        "it is no module of dromos: it does not export `dromos_module`, which DROMOS_MODULE of "
        "dromos/module.hpp defines"};
  const Module* module = reinterpret_cast<const Module* (*)()>(symbol)();
  check_module(module);
  check_names(*module);
  module->limit_instruction_set(instruction_set());
  std::map<std::string, Maker> makers;
  for (const ModuleEntry& entry : module->entries) {
    const auto origin = std::make_shared<const Origin>(*module, entry);
    makers[origin->name] = {[origin](std::size_t lanes, Autoreset autoreset, std::int32_t limit) {
                              return Loaded::make(*origin, false, [&](ModuleBatch** made) {
                                return origin->entry.batch(lanes, autoreset, limit, made);
                              });
                            },
                            [origin] { return Loaded::make(*origin, true, origin->entry.single); }};
  }
  modules().push_back(module);
  catalogue().merge(makers);
  library.keep();
  return *module;
}

void limit_modules(InstructionSet most) {
  for (const Module* module : modules()) module->limit_instruction_set(most);
}

}  // namespace dromos::bind
