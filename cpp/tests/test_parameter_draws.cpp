// Parameters drawn at each start of an episode: what is drawn, when, and from whose stream.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <dromos/batch.hpp>
#include <dromos/envs/cartpole.hpp>
#include <iterator>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "batches.hpp"
#include "check.hpp"

using namespace dromos;
using namespace dromos::testing;

namespace {

// A random walk that starts where a parameter says. One parameter is an array, so that those of
// lanes that differ are kept row by row; CartPole's are kept in columns.
struct Walk {
  static constexpr const char* name = "Walk";
  static constexpr std::int64_t num_actions = 2;
  static constexpr double step_nanoseconds = 4000.0;  // makes two blocks worth two threads

  struct Params {
    double start = 0;
    bool turned = false;
    std::array<double, 2> pulls = {1, 2};
    double width = 1;

    static constexpr auto fields() {
      return std::tuple{
          Field{"start", &Params::start, "", ""},
          Field{"turned", &Params::turned, "", ""},
          Field{"pulls", &Params::pulls, "", ""},
          Field{"width", &Params::width, "", ""},
      };
    }
  };
  struct State {
    double x = 0;
    static constexpr auto fields() { return std::tuple{Field{"x", &State::x, "", ""}}; }
  };
  using Options = NoOptions;
  using Action = std::int64_t;
  using Observation = std::array<double, 4>;

  template <class Rng>
  static State reset(const Params& params, const Options&, Rng& rng) {
    return {params.start + random(rng)};
  }
  template <class Rng>
  static Transition step(const Params& params, State& state, Action action, Rng& rng) {
    const auto pull = params.pulls[static_cast<std::size_t>(action)];
    state.x += (params.turned ? -pull : pull) + params.width * random(rng);
    return {state.x, random(rng) < 0.2};
  }
  static Observation observe(const Params& params, const State& state) {
    return {state.x, params.start, params.pulls[0], params.width};
  }
};

enum : std::size_t { kStart, kTurned, kPulls, kWidth };  // fields of Walk::Params

using Mask = std::vector<std::uint8_t>;

ParameterDraw number(Distribution distribution, std::size_t field, std::array<double, 4> numbers) {
  const auto [low, high, mean, deviation] = numbers;
  return {distribution, low, high, mean, deviation, 0, {{field, {}}}};
}

template <class T>
ParameterDraw::Values values(std::size_t field, const std::vector<T>& items) {
  std::vector<std::byte> bytes(items.size() * sizeof(T));
  std::memcpy(bytes.data(), items.data(), bytes.size());
  return {field, std::move(bytes)};
}

// A parameter drawn the same way in some lanes.
LaneDraws in(const Mask& lanes, ParameterDraw draw) {
  LaneDraws draws{{std::move(draw)}, std::vector<std::int32_t>(lanes.size())};
  std::ranges::transform(lanes, draws.way.begin(), [](auto drawn) { return drawn - 1; });
  return draws;
}

constexpr std::array<double, 2> kPairs[] = {{1, 2}, {3, 4}, {5, 6}};

// Of each kind one, in the order of the fields; the choice sets two of them together.
std::vector<LaneDraws> walk_draws(const Mask& lanes) {
  const std::vector<std::array<double, 2>> pairs(std::begin(kPairs), std::end(kPairs));
  const std::vector<std::uint8_t> turned = {1, 0, 1};
  return {
      in(lanes, number(Distribution::uniform, kStart, {-5, 5, 0, 0})),
      in(lanes,
         {Distribution::choice, 0, 0, 0, 0, 3, {values(kTurned, turned), values(kPulls, pairs)}}),
      in(lanes, number(Distribution::normal, kWidth, {0.5, 1.5, 1, 0.4})),
  };
}

// Gravity and the pole's length.
std::vector<LaneDraws> cartpole_draws(const Mask& lanes) {
  return {in(lanes, number(Distribution::log_uniform, 0, {1, 100, 0, 0})),
          in(lanes, number(Distribution::uniform, 3, {0.1, 2, 0, 0}))};
}

template <class D>
std::vector<LaneDraws> draws_of(const Mask& lanes) {
  if constexpr (std::is_same_v<D, Walk>)
    return walk_draws(lanes);
  else
    return cartpole_draws(lanes);
}

template <class T = double>
std::vector<T> read(const AnyBatch& batch, Group group, std::size_t field) {
  std::vector<T> found(batch.lanes());
  batch.read(group, field, everyone(batch), found.data());
  return found;
}

std::vector<std::byte> streams(const AnyBatch& batch, std::span<const std::int64_t> lanes) {
  std::vector<std::byte> bytes(lanes.size() * batch.rng_bytes());
  batch.read_rng(lanes, bytes.data());
  return bytes;
}

// Lanes that draw, started.
template <class D>
struct Run {
  explicit Run(std::size_t lanes, Autoreset mode = Autoreset::same_step, std::uint32_t seed = 0)
      : batch(lanes, mode, 20), buffers(batch) {
    batch.set_draws(draws_of<D>(Mask(lanes, 1)));
    start_all(batch, seed);
  }
  void step(std::size_t number, std::size_t threads = 1) {
    const auto actions = actions_at(number, batch.lanes(), D::num_actions);
    batch.step(actions.data(), buffers.outputs(), threads);
  }

  Batch<D> batch;
  Buffers buffers;
};

std::vector<double> numbers(const ParameterDraw& draw, std::size_t count = 10'000) {
  Pcg64 rng = Pcg64::from_seed(1);
  std::vector<double> drawn(count);
  for (double& x : drawn) x = draw_number(draw, rng);
  CHECK(std::ranges::all_of(drawn, [&](double x) { return x >= draw.low && x <= draw.high; }));
  return drawn;
}

// The part of the numbers that lie below x.
double below(const std::vector<double>& drawn, double x) {
  const auto found = std::ranges::count_if(drawn, [x](double y) { return y < x; });
  return static_cast<double>(found) / static_cast<double>(drawn.size());
}

bool is_near(double found, double expected) { return std::fabs(found - expected) < 0.02; }

}  // namespace

TEST(numbers_are_distributed_as_described_and_keep_to_their_bounds) {
  const auto uniforms = numbers(number(Distribution::uniform, 0, {-2, 6, 0, 0}));
  for (const double part : {0.01, 0.25, 0.5, 0.99})
    CHECK(is_near(below(uniforms, -2 + 8 * part), part));

  const auto logs = numbers(number(Distribution::log_uniform, 0, {1e-300, 1e300, 0, 0}));
  for (const double part : {0.01, 0.25, 0.5, 0.99})
    CHECK(is_near(below(logs, std::pow(10, -300 + 600 * part)), part));

  // One deviation to the left of the mean, two to the right; the ends take what lies beyond.
  const auto normals = numbers(number(Distribution::normal, 0, {7, 16, 10, 3}));
  CHECK(is_near(below(normals, std::nextafter(7.0, 8.0)), 0.1587));
  CHECK(is_near(below(normals, 10), 0.5));
  CHECK(is_near(below(normals, 16), 0.9772));
}

TEST(an_interval_of_one_number_gives_that_number) {
  constexpr double kLeast = std::numeric_limits<double>::denorm_min();
  constexpr double kMost = std::numeric_limits<double>::max();
  for (const double x : {kLeast, 0.1, 3.0, kMost}) {
    for (const auto kind : {Distribution::uniform, Distribution::log_uniform, Distribution::normal})
      for (const double found : numbers(number(kind, 0, {x, x, 1, 5}), 100)) CHECK_EQ(found, x);
  }
}

TEST(draws_come_in_their_order_and_before_the_start_state) {
  constexpr std::size_t kLanes = 70;
  Run<Walk> run(kLanes);
  const auto start = read(run.batch, Group::params, kStart);
  const auto turned = read<std::uint8_t>(run.batch, Group::params, kTurned);
  const auto pulls = read<std::array<double, 2>>(run.batch, Group::params, kPulls);
  const auto width = read(run.batch, Group::params, kWidth);
  const auto x = read(run.batch, Group::state, 0);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Pcg64 rng = Pcg64::from_seed(lane);
    CHECK_EQ(start[lane], uniform(rng, -5, 5));
    const auto chosen = static_cast<std::size_t>(choice(rng, 3));
    CHECK_EQ(turned[lane], chosen != 1);
    CHECK(pulls[lane] == kPairs[chosen]);
    CHECK_EQ(width[lane], std::clamp(normal(rng, 1, 0.4), 0.5, 1.5));
    CHECK_EQ(x[lane], start[lane] + random(rng));
  }
  auto backwards = walk_draws(Mask(kLanes, 1));
  std::ranges::reverse(backwards);
  run.batch.set_draws(std::move(backwards));
  start_all(run.batch);
  Pcg64 rng = Pcg64::from_seed(0);
  CHECK_EQ(read(run.batch, Group::params, kWidth)[0], std::clamp(normal(rng, 1, 0.4), 0.5, 1.5));
}

TEST(one_lane_is_altered_and_a_large_struct_where_it_is) {
  for (const bool own : {false, true}) {
    PerLane<Walk::Params> large(3);
    PerLane<CartPole::Params> small(3);
    if (own) {
      large.spread();
      small.spread();
    }
    large.alter(1, [&](auto& params) {
      CHECK(&params == &large[1]);
      params.width = 7;
    });
    small.alter(1, [](auto& params) { params.length = 7; });
    CHECK_EQ(large[1].width, 7.0);
    CHECK_EQ(small[1].length, 7.0);
    CHECK_EQ(large[0].width == 7.0, !own);
    CHECK_EQ(small[2].length == 7.0, !own);
  }
}

TEST(an_episode_keeps_what_its_start_drew) {
  for (const auto mode : {Autoreset::next_step, Autoreset::same_step}) {
    Run<Walk> run(70, mode);
    std::size_t episodes = 0;
    for (std::size_t step = 0; step < 50; ++step) {
      const auto before = read(run.batch, Group::params, kStart);
      run.step(step);
      const auto after = read(run.batch, Group::params, kStart);
      for (std::size_t lane = 0; lane < before.size(); ++lane) {
        const bool starts = run.batch.episodes().elapsed[lane] == 0;
        CHECK_EQ(after[lane] != before[lane], starts);
        episodes += starts;
      }
    }
    CHECK(episodes > 300);
  }
}

TEST(the_seed_says_what_is_drawn) {
  Run<Walk> one(70), same(70), other(70, Autoreset::same_step, 1000);
  for (std::size_t step = 0; step < 50; ++step) {
    for (Run<Walk>* run : {&one, &same, &other}) run->step(step);
    CHECK(one.buffers == same.buffers);
    CHECK(!(one.buffers == other.buffers));
  }
}

namespace {

// Whether lane `lane` of 200 goes through the episodes of a batch that has no other lane.
template <class D>
void check_alone(std::uint32_t lane, Autoreset mode) {
  Run<D> many(200, mode), alone(1, mode, lane);
  const std::int64_t id[] = {lane};
  const std::int64_t only[] = {0};
  for (std::size_t step = 0; step < 100; ++step) {
    const auto actions = actions_at(step, 200, D::num_actions);
    many.batch.step(actions.data(), many.buffers.outputs(), 2);
    alone.batch.step(&actions[lane], alone.buffers.outputs(), 1);
    CHECK(streams(many.batch, id) == streams(alone.batch, only));
    CHECK_EQ(many.buffers.reward[lane], alone.buffers.reward[0]);
    for (std::size_t field = 0; field < many.batch.layout().params.size(); ++field) {
      std::vector<std::byte> left(many.batch.layout().params[field].bytes), right(left.size());
      many.batch.read(Group::params, field, id, left.data());
      alone.batch.read(Group::params, field, only, right.data());
      CHECK(left == right);
    }
  }
}

template <class D>
void check_threads(std::size_t lanes, std::size_t steps) {
  for (const auto mode : {Autoreset::next_step, Autoreset::same_step}) {
    Run<D> one(lanes, mode), three(lanes, mode);
    for (std::size_t step = 0; step < steps; ++step) {
      one.step(step, 1);
      three.step(step, 3);
      CHECK(one.buffers == three.buffers);
    }
    CHECK(streams(one.batch, everyone(one.batch)) == streams(three.batch, everyone(three.batch)));
  }
}

}  // namespace

TEST(a_lane_draws_as_if_it_were_alone) {
  for (const std::uint32_t lane : {0u, 63u, 64u, 199u}) {
    for (const auto mode : {Autoreset::next_step, Autoreset::same_step}) {
      check_alone<Walk>(lane, mode);
      check_alone<CartPole>(lane, mode);
    }
  }
}

TEST(threads_change_nothing) {
  check_threads<Walk>(500, 60);
  check_threads<CartPole>(40'000, 25);
}

TEST(lanes_that_draw_nothing_take_nothing_from_their_streams) {
  constexpr std::size_t kLanes = 100;
  Batch<Walk> mixed(kLanes), plain(kLanes);
  Mask odd(kLanes);
  std::vector<std::int64_t> even;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    odd[lane] = lane % 2;
    if (lane % 2 == 0) even.push_back(static_cast<std::int64_t>(lane));
  }
  mixed.set_draws(walk_draws(odd));
  start_all(mixed);
  start_all(plain);
  CHECK(streams(mixed, even) == streams(plain, even));
  const auto drawn = read(mixed, Group::params, kStart);
  for (std::size_t lane = 0; lane < kLanes; ++lane) CHECK_EQ(drawn[lane] != 0, odd[lane] == 1);
}

TEST(lanes_may_draw_one_parameter_in_ways_of_their_own) {
  constexpr std::size_t kLanes = 100;
  LaneDraws starts;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto low = static_cast<double>(10 * lane);
    starts.ways.push_back(number(Distribution::uniform, kStart, {low, low + 1, 0, 0}));
    starts.way.push_back(static_cast<std::int32_t>(kLanes - 1 - lane));
  }
  starts.way[3] = -1;
  Batch<Walk> batch(kLanes);
  batch.set_draws({starts});
  start_all(batch);
  const auto drawn = read(batch, Group::params, kStart);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Pcg64 rng = Pcg64::from_seed(lane);
    const auto low = static_cast<double>(10 * (kLanes - 1 - lane));
    CHECK_EQ(drawn[lane], lane == 3 ? 0 : uniform(rng, low, low + 1));
  }
}

TEST(no_more_draws_leave_the_last_ones_in_force) {
  Run<Walk> run(70);
  const auto last = read(run.batch, Group::params, kStart);
  run.batch.set_draws({});
  run.batch.reset(everyone(run.batch));
  CHECK(read(run.batch, Group::params, kStart) == last);
}

TEST(a_fresh_lane_draws_as_the_first_does) {
  Run<Walk> run(70);
  const auto fresh = run.batch.fresh_lane();
  CHECK_EQ(read(*fresh, Group::params, kStart)[0], read(run.batch, Group::params, kStart)[0]);
  start_all(*fresh, 7);
  start_all(run.batch, 7);
  for (const std::size_t field : {kStart, kWidth})
    CHECK_EQ(read(*fresh, Group::params, field)[0], read(run.batch, Group::params, field)[0]);
  CHECK_EQ(read(*fresh, Group::state, 0)[0], read(run.batch, Group::state, 0)[0]);
}
