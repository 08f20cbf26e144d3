"""python3 -m unittest, in this folder."""

import unittest

from quotes import find_quote


def quote(**query):
    return find_quote({name: [value] for name, value in query.items()})


class Quotes(unittest.TestCase):
    def test_the_first_kilogram_at_home_costs_the_base_price(self):
        self.assertEqual(quote(country="DE", weight="1000")[0]["price"], 490)

    def test_each_kilogram_begun_costs_more(self):
        self.assertEqual(quote(country="DE", weight="1001")[0]["price"], 550)

    def test_the_union_is_dearer_than_home_and_the_world_dearer_still(self):
        prices = [quote(country=country, weight="500")[0]["price"] for country in ("DE", "FR", "US")]
        self.assertEqual(prices, sorted(set(prices)))

    def test_all_findings_are_told_at_once(self):
        _, findings = quote(country="de", weight="0")
        self.assertEqual([finding["path"] for finding in findings], ["/query/country", "/query/weight"])

    def test_a_missing_or_repeated_parameter_is_a_finding(self):
        _, findings = find_quote({"weight": ["1", "2"]})
        self.assertEqual(
            [finding["message"] for finding in findings], ["is required", "must be given once"]
        )

    def test_a_weight_in_other_digits_or_of_absurd_length_is_a_finding(self):
        for weight in ("١٢", "9" * 10_000, "-1", "1.5", ""):
            self.assertEqual(len(quote(country="DE", weight=weight)[1]), 1, weight[:10])


if __name__ == "__main__":
    unittest.main()
