"""The tariff: pure, apart from HTTP. Prices in cents, weights in grams."""

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()

# zone: (up to 1 kg, each further kg begun, days)
TARIFF = {"home": (490, 60, 2), "union": (990, 150, 4), "world": (2490, 600, 9)}
HOME = "DE"
HEAVIEST = 30_000


def find_quote(query):
    """Takes parsed query parameters (name → list of values). Returns (quote, findings): one of them is empty."""
    findings = []
    country = only(query, "country", findings)
    weight = only(query, "weight", findings)
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        findings.append(finding("country", "must be an ISO 3166 code of two capital letters, such as DE"))
    if weight is not None and not (weight.isascii() and weight.isdigit() and 1 <= int(weight[:9]) <= HEAVIEST):
        findings.append(finding("weight", "must be a whole number of grams from 1 to %d" % HEAVIEST))
    if findings:
        return None, findings

    grams = int(weight)
    zone = "home" if country == HOME else "union" if country in EU else "world"
    first, further, days = TARIFF[zone]
    price = first + further * ((grams - 1) // 1000)
    return {"country": country, "weight": grams, "price": price, "currency": "EUR", "days": days}, []


def only(query, name, findings):
    values = query.get(name, [])
    if len(values) == 1:
        return values[0]
    findings.append(finding(name, "is required" if not values else "must be given once"))
    return None


def finding(name, message):
    return {"path": "/query/" + name, "message": message}
