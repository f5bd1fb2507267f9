"""The page in a real browser: what it shows, and what each of its buttons does."""

import json
import os
import time

import pytest
from browser import PATIENCE

import dromos as gym

CART = "CartPole-v1"


@pytest.fixture
def opened(browser, show, tmp_path):
    """Show an environment in a tab of the browser."""
    pages = []

    def open_(env, **arguments):
        viewer = show(env, **arguments)
        page = browser.open(viewer.url, tmp_path)
        pages.append(page)
        page.wait("typeof shown !== 'undefined' && shown && shown.observation.length > 0")
        return page

    yield open_
    for page in pages:
        page.close()


def pause(page):
    page.click("pause")
    page.wait("shown.paused && document.getElementById('pause').textContent === 'Resume'")


def cart(**arguments):
    return gym.make(CART, render_mode="rgb_array", **arguments)


def endless():
    """A pole that never ends: a step that would be the reset of an ended episode counts as none."""
    far = {"theta_threshold_radians": 1e9, "x_threshold": 1e9}
    return cart(max_episode_steps=10**6, **far)


def test_frames_arrive_and_change(opened):
    page = opened(cart())
    first = page.wait("document.querySelector('#cells canvas')?.width === 600") and page.picture()
    page.wait(f"document.querySelector('#cells canvas').toDataURL() !== {json.dumps(first)}")
    assert page.run("document.title") == "CartPole-v1 · dromos"
    assert page.run("document.getElementById('link').textContent") == "live"
    assert page.run("document.querySelectorAll('#observation canvas').length") == 4
    page.wait("shown.ends.length > 1 && document.getElementById('ends-are').textContent > 1")
    for name in ("rewards", "returns", "actions"):  # something is drawn
        assert page.run(
            f"new Set(document.getElementById('{name}').getContext('2d')"
            ".getImageData(0, 0, 200, 80).data).size > 4"
        )
    own = page.run("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in own if name.startswith("http")] == []  # nothing but the page itself


def test_pause_step_speed_and_resume(opened):
    page = opened(endless())
    pause(page)
    before = page.told()["total"]
    page.click("step")
    page.wait(f"shown.total === {before + 1}")
    page.key("s")
    page.key("s", "keyUp")
    page.wait(f"shown.total === {before + 2}")
    page.put("speed", "0")
    page.wait("shown.speed === 0.5")
    page.put("speed", "100")
    page.wait("shown.speed === null")
    page.click("pause")
    page.wait(f"!shown.paused && shown.total > {before + 100}")


def test_reset_with_a_seed_repeats_the_start(opened):
    page = opened(cart())
    pause(page)
    page.put("seed", "7")
    page.click("reset")
    page.wait("shown.focus.length === 0")
    start, _ = gym.make(CART).reset(seed=7)
    assert page.told()["observation"][0]["values"] == pytest.approx(start.tolist())
    page.put("seed", "-1")
    page.click("reset")
    page.wait("document.getElementById('message').className === 'bad'")
    assert "a seed of 0 to 4294967295" in page.run("document.getElementById('message').textContent")


def test_going_back_along_snapshots(opened):
    page = opened(cart())
    pause(page)
    page.put("seed", "3")
    page.click("reset")
    page.wait("shown.focus.length === 0 && shown.moments.length === 1")
    for step in (1, 2, 3):
        page.click("step")
        page.wait(f"shown.focus.length === {step}")
    kept = page.told()
    page.click("snapshot")
    page.wait("shown.moments.length === 2 && shown.moments[1][2] === true")
    for step in (4, 5):
        page.click("step")
        page.wait(f"shown.focus.length === {step}")
    page.run(
        "(() => { const tick = document.querySelector('#ticks i.hand').getBoundingClientRect();"
        "document.getElementById('timeline').dispatchEvent("
        "new MouseEvent('click', { clientX: tick.x, bubbles: true })) })()"
    )
    back = page.wait("shown.focus.length === 3 && shown")
    assert back["observation"] == kept["observation"]
    assert back["focus"] == kept["focus"]
    page.click("step")
    page.wait("shown.focus.length === 4")
    assert [step for _, step, _ in page.told()["moments"]] == [0, 3]


def test_lanes_are_picked(opened):
    page = opened(gym.make_vec(CART, 500, render_mode="rgb_array"))
    assert page.told()["shown"] == [0, 1, 2, 3]
    page.put("lanes", "0-4, 499")
    page.wait("document.querySelectorAll('#cells figure').length === 6")
    assert page.run("document.getElementById('lanes').value") == "0-4, 499"
    page.run("document.querySelectorAll('#cells figure')[5].click()")
    page.wait("shown.focus.lane === 499 && shown.rows[5].lane === 499")
    page.put("lanes", "500")
    page.wait("document.getElementById('message').textContent.includes('lanes of 0 to 499')")


def test_keys_play(opened):
    page = opened(gym.make("CliffWalking-v1", render_mode="rgb_array"))
    page.click("keyboard")
    page.wait("shown.keyboard")
    page.wait("shown.paused === false")
    before = page.told()
    page.key("ArrowUp")
    page.key("ArrowUp", "keyUp")
    page.wait(f"shown.total === {before['total'] + 1}")
    assert page.told()["action"][0]["values"] == [0]
    page.click("keyboard")
    page.wait(f"!shown.keyboard && shown.total > {before['total'] + 2}")


def test_downloads(opened, tmp_path):
    page = opened(cart())
    pause(page)
    page.put("seed", "4")
    page.click("reset")
    page.wait("shown.focus.length === 0")
    steps = 5
    for step in range(steps):
        page.click("step")
        page.wait(f"shown.focus.length === {step + 1}")
    page.click("episode")
    page.wait("document.getElementById('message').textContent === 'Downloaded CartPole-v1.jsonl'")
    page.click("video")
    page.wait("document.getElementById('message').textContent === 'Downloaded CartPole-v1.mp4'")
    until(lambda: {"CartPole-v1.jsonl", "CartPole-v1.mp4"} <= set(os.listdir(tmp_path)))
    lines = (tmp_path / "CartPole-v1.jsonl").read_text().splitlines()
    assert len(lines) == 1 + steps
    from dromos.render import read_video

    frames = list(read_video(tmp_path / "CartPole-v1.mp4"))
    assert len(frames) == 1 + steps
    assert frames[0].shape == (400, 600, 3)


def until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_script_is_left_alone_by_a_branch(browser, script):
    env = gym.view(cart())
    with env, script(env) as training:
        page = browser.open(env.url)
        page.wait("typeof shown !== 'undefined' && shown && shown.mode === 'script'")
        page.wait("shown.moments.length > 0")
        assert page.run("document.getElementById('reset').disabled")
        page.click("branch")
        page.wait("shown.mode === 'branch' && shown.paused")
        page.click("reset")
        page.wait("shown.focus.length === 0")
        page.click("return")
        page.wait("shown.mode === 'script'")
        before = training.steps
        page.wait("shown.total > 0")
        page.close()
        until(lambda: training.steps > before)


def test_numbers_only_with_the_reason(opened):
    page = opened(gym.make(CART))
    reason = page.run("document.getElementById('blind').textContent")
    assert reason == (
        'no pictures: the environment\'s render_mode is None; make it with render_mode="rgb_array"'
    )
    assert page.run("document.querySelectorAll('#cells figure').length") == 1


def test_two_pages_at_once(opened, browser):
    page = opened(endless())
    other = browser.open(page.run("location.href"))
    other.wait("typeof shown !== 'undefined' && shown && shown.total > 0")
    pause(page)
    other.wait("shown.paused")
    before = page.told()["total"]
    other.click("step")
    page.wait(f"shown.total === {before + 1}")
    other.close()
    page.click("step")
    page.wait(f"shown.total === {before + 2}")
