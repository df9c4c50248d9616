"""Intervals and tests against published worked examples, named with their source, and by simulated coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from cx.metrics import stats


def moments(values: list[float]) -> tuple[int, float, float]:
    return len(values), sum(values), sum(value * value for value in values)


@pytest.mark.parametrize(("hits", "n", "lower", "upper"), [
    (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (74, 107, 0.599, 0.771),  # DESIGN, section 5
])
def test_the_interval_of_a_share_is_wilsons(hits, n, lower, upper) -> None:
    found = stats.wilson(hits, n)
    assert found.value == pytest.approx(hits / n)
    assert (found.lower, found.upper) == (pytest.approx(lower, abs=5e-4), pytest.approx(upper, abs=5e-4))


def test_the_interval_of_a_net_score_is_the_adjusted_wald_of_measuringu() -> None:
    found = stats.net_score(60, 20, 100)
    assert found.value == pytest.approx(40.0)
    assert found.lower == pytest.approx(23.4, abs=0.05)
    assert found.upper == pytest.approx(54.3, abs=0.05)
    assert (found.lower + found.upper) / 2 == pytest.approx(38.8, abs=0.05)


def test_the_interval_of_a_mean_is_students() -> None:
    # NIST/SEMATECH e-Handbook 1.3.5.2, data ZARR13: n 195, mean 9.261460, sd 0.022789 -> [9.258242, 9.264679]
    n, mean, deviation = 195, 9.261460, 0.022789
    found = stats.mean(n, n * mean, (n - 1) * deviation**2 + n * mean**2)
    assert found.lower == pytest.approx(9.258242, abs=2e-6)
    assert found.upper == pytest.approx(9.264679, abs=2e-6)


@pytest.mark.parametrize(("n", "low", "high"), [(10, 2, 9), (20, 6, 15), (6, 1, 6)])
def test_the_interval_of_a_median_lies_between_order_statistics(n, low, high) -> None:
    # ranks of Conover, Practical Nonparametric Statistics, 3.2 / Hahn & Meeker 1991, table A.15a
    found = stats.quantile(range(1, n + 1))
    assert (found.value, found.lower, found.upper) == ((n + 1) / 2, low, high)


def test_a_sample_too_small_for_a_bound_has_none() -> None:
    found = stats.quantile([1, 2, 3, 4, 5])
    assert found.value == 3
    assert np.isnan(found.lower)
    assert np.isnan(found.upper)


def test_a_quantile_of_counted_values_is_that_of_the_values_written_out() -> None:
    values, counts = [5, 1, 9], [40, 30, 20]
    written_out = [5] * 40 + [1] * 30 + [9] * 20
    for q in (0.1, 0.5, 0.9):
        counted, plain = stats.quantile(values, counts, q), stats.quantile(written_out, None, q)
        assert (counted.value, counted.lower, counted.upper) == (plain.value, plain.lower, plain.upper)
        assert plain.value == pytest.approx(np.quantile(written_out, q))


def test_the_difference_of_two_shares_is_newcombes_method_10() -> None:
    # Newcombe 1998, Statistics in Medicine 17:873, table II, 56/70 - 48/80: [0.0524, 0.3339]
    found = stats.difference_of_shares(56, 70, 48, 80)
    assert found.value == pytest.approx(0.2)
    assert (found.lower, found.upper) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


def test_the_test_of_two_shares_is_the_n_minus_1_chi_squared() -> None:
    # Sauro & Lewis, Quantifying the User Experience, chapter 5: 11 of 12 against 5 of 10
    chi_squared = scipy_stats.chi2_contingency([[11, 1], [5, 5]], correction=False).statistic * 21 / 22
    assert stats.two_proportions(11, 12, 5, 10) == pytest.approx(scipy_stats.chi2.sf(chi_squared, 1))
    assert stats.two_proportions(11, 12, 5, 10) == pytest.approx(0.0328, abs=5e-5)


def test_equal_extremes_are_no_difference() -> None:
    assert stats.two_proportions([0, 5], [10, 5], [0, 9], [20, 9]).tolist() == [1.0, 1.0]


def test_the_difference_of_two_means_is_welchs() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(10, 2, 25).tolist(), rng.normal(11, 5, 40).tolist()
    found = stats.difference_of_means(*moments(one), *moments(two))
    expected = scipy_stats.ttest_ind(one, two, equal_var=False)
    interval = expected.confidence_interval()
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.lower, found.upper) == (pytest.approx(interval.low), pytest.approx(interval.high))


def test_the_difference_of_two_means_is_that_of_the_published_example() -> None:
    # NIST/SEMATECH e-Handbook 1.3.5.3, data AUTO83B: miles per gallon of 249 American and 79 Japanese cars; without
    # assuming equal variances T = -12.94627 with 136.8750 degrees of freedom
    cars = []
    for n, mean, deviation in ((249, 20.14458, 6.41470), (79, 30.48101, 6.10771)):
        cars += [n, n * mean, (n - 1) * deviation**2 + n * mean**2]
    found = stats.difference_of_means(*cars)
    assert found.p == pytest.approx(2 * scipy_stats.t.sf(12.94627, 136.8750), rel=1e-4)
    assert found.upper - found.value == pytest.approx(scipy_stats.t.ppf(0.975, 136.8750) * 10.33643 / 12.94627, rel=1e-5)


def test_the_difference_of_two_net_scores_is_worked_out_by_hand() -> None:
    # 50 and 20 of 100 against 40 and 30 of 100; each with 3/4, 3/4 and 3 more:
    # 0.492718 - 0.201456 = 0.291262, variance (0.694175 - 0.084834) / 103 = 0.0059159
    # 0.395631 - 0.298544 = 0.097087, variance (0.694175 - 0.009426) / 103 = 0.0066481
    # 0.194175 / sqrt(0.0125640) = 1.73234; 0.194175 -+ 1.959964 * 0.112089
    found = stats.difference_of_net_scores(50, 20, 100, 40, 30, 100)
    assert found.value == pytest.approx(20)
    assert found.lower == pytest.approx(100 * (0.194175 - 0.219690), abs=0.01)
    assert found.upper == pytest.approx(100 * (0.194175 + 0.219690), abs=0.01)
    assert found.p == pytest.approx(2 * scipy_stats.norm.sf(1.73234), rel=1e-3)


def test_a_bootstrap_of_skewed_values_leans_to_the_long_side() -> None:
    values = np.random.default_rng(3).lognormal(3, 1, 60)
    found, plain = stats.bootstrap_mean(values), stats.mean(*moments(values.tolist()))
    assert found.upper > plain.upper
    assert found.lower > plain.lower
    few = stats.bootstrap_mean([1, 1, 1, 2])  # most resamples are 1 1 1 1 or hold one 2
    assert (few.lower, few.upper) == (pytest.approx(float(stats.mean(4, 5, 7).lower)), pytest.approx(float(stats.mean(4, 5, 7).upper)))


def test_false_discoveries_are_controlled_as_in_the_example_of_benjamini_and_hochberg() -> None:
    # Benjamini & Hochberg 1995, section 4.1: of these 15 the first four are rejected at 0.05
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
         0.7590, 1.0]
    assert (stats.adjusted(p) < 0.05).sum() == 4


def test_a_missing_p_is_no_test() -> None:
    assert stats.adjusted([0.01, np.nan, 0.04]).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert np.isnan(stats.adjusted([np.nan])).all()


def test_swapping_the_sides_negates_a_difference() -> None:
    for one, other in ((stats.difference_of_shares(3, 9, 5, 8), stats.difference_of_shares(5, 8, 3, 9)),
                       (stats.difference_of_net_scores(5, 2, 9, 3, 3, 8), stats.difference_of_net_scores(3, 3, 8, 5, 2, 9)),
                       (stats.difference_of_means(3, 9, 35, 4, 8, 30), stats.difference_of_means(4, 8, 30, 3, 9, 35))):
        assert one.value == pytest.approx(-other.value)
        assert one.lower == pytest.approx(-other.upper)
        assert one.p == pytest.approx(other.p)


def test_nothing_has_no_value() -> None:
    for found in (stats.wilson(0, 0), stats.net_score(0, 0, 0), stats.mean(0, 0, 0), stats.bootstrap_mean([]),
                  stats.quantile([])):
        assert np.isnan([found.value, found.lower, found.upper]).all()
    for found in (stats.difference_of_shares(0, 0, 1, 2), stats.difference_of_net_scores(0, 0, 0, 1, 0, 2),
                  stats.difference_of_means(0, 0, 0, 2, 3, 5)):
        assert np.isnan([found.value, found.lower, found.upper, found.p]).all()


def test_one_value_has_no_bounds() -> None:
    for found in (stats.mean(1, 5, 25), stats.bootstrap_mean([5])):
        assert found.value == 5
        assert np.isnan(found.lower)


def test_equal_values_have_no_spread() -> None:
    found = stats.mean(3, 0.3, 0.03)
    assert (found.lower, found.upper) == (pytest.approx(0.1), pytest.approx(0.1))
    assert stats.bootstrap_mean([2, 2, 2]).upper == 2
    assert stats.difference_of_means(3, 6, 12, 3, 6, 12).p == 1


def test_an_interval_holds_its_own_point_at_the_extremes() -> None:
    every = stats.net_score([5, 0, 200], [0, 5, 0], [5, 5, 200])
    assert (every.lower <= every.value).all()
    assert (every.upper >= every.value).all()


def test_a_trend_is_one_call() -> None:
    found = stats.wilson([1, 0, 5], [2, 0, 5])
    assert found.value.tolist() == pytest.approx([0.5, np.nan, 1.0], nan_ok=True)
    assert found.lower.shape == (3,)


def test_the_bootstrap_is_repeatable() -> None:
    values = np.random.default_rng(3).lognormal(3, 1, 60)
    one, two = stats.bootstrap_mean(values), stats.bootstrap_mean(values)
    assert (one.lower, one.upper) == (two.lower, two.upper)
    assert one.lower < values.mean() < one.upper


@pytest.mark.parametrize(("n", "fewest"), [(30, 0.90), (100, 0.92)])
def test_the_bootstrap_covers_skewed_values(n, fewest) -> None:
    rng = np.random.default_rng(n)  # docs/coverage.md: 93 and 94 % of 1,000
    found = [stats.bootstrap_mean(rng.lognormal(0, 0.8, n)) for _ in range(150)]
    assert fewest <= np.mean([each.lower <= np.exp(0.32) <= each.upper for each in found])


@pytest.mark.parametrize("n", [10, 50, 400, 2000])
def test_a_95_percent_interval_covers_about_95_percent(n) -> None:
    # Counts are discrete, so that the coverage at one single share swings about 95 %: it is taken over all shares.
    rng = np.random.default_rng(n)
    many = min(10_000, 4_000_000 // n)

    def covered(found: stats.Interval, truth: object) -> float:
        return float(((found.lower <= truth) & (found.upper >= truth)).mean())

    share = rng.uniform(0.02, 0.98, many)
    mix = rng.dirichlet([1, 1, 1], many)
    answers = rng.multinomial(n, mix)
    normal = rng.normal(5, 2, (many, n))
    assert 0.94 <= covered(stats.wilson(rng.binomial(n, share), n), share) <= 0.96
    assert 0.93 <= covered(stats.net_score(answers[:, 0], answers[:, 1], n), 100 * (mix[:, 0] - mix[:, 1])) <= 0.97
    assert 0.94 <= covered(stats.mean(n, normal.sum(axis=1), (normal**2).sum(axis=1)), 5) <= 0.96


@pytest.mark.parametrize("n", [20, 200])
def test_a_difference_of_nothing_is_called_significant_about_5_times_in_100(n) -> None:
    rng = np.random.default_rng(n)
    many = 4000
    one, two = rng.binomial(n, 0.3, (2, many))
    first, second = (rng.multinomial(n, [0.5, 0.2, 0.3], many) for _ in range(2))
    a, b = rng.normal(5, 2, (many, n)), rng.normal(5, 4, (many, n))
    tests = (stats.difference_of_shares(one, n, two, n),
             stats.difference_of_net_scores(first[:, 0], first[:, 1], n, second[:, 0], second[:, 1], n),
             stats.difference_of_means(n, a.sum(axis=1), (a**2).sum(axis=1), n, b.sum(axis=1), (b**2).sum(axis=1)))
    for test in tests:
        assert 0.03 <= float((test.p < 0.05).mean()) <= 0.07
        assert 0.93 <= float(((test.lower <= 0) & (test.upper >= 0)).mean()) <= 0.98


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_is_that_of_scipy(p: list[float]) -> None:
    assert stats.adjusted(np.array(p)) == pytest.approx(scipy_stats.false_discovery_control(p, method="bh"))
