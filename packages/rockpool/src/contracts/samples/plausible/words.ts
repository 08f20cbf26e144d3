/** Nobody's: domains are those that are reserved for examples (RFC 2606), numbers those kept for fiction. */
export const words: readonly string[] =
  'amber anchor basin birch bright canyon cedar cliff clover coast coral copper cove crest delta drift ember fern field flint forest garden granite grove harbor hazel heron hollow indigo island ivory juniper lagoon lantern lark linen maple marsh meadow mist moss north oak olive orchard otter pebble pine prairie quartz quiet reef ridge river sage sand shore silver slate sparrow spruce stone summit thistle tide timber valley violet willow winter'.split(
    ' ',
  )

export const firstNames: readonly string[] =
  'Ada Alma Amir Anna Bruno Carla Chen Clara David Elena Emil Fatima Felix Grace Hana Henry Ines Ivan Jonas Julia Kenji Lara Leo Lina Marco Maria Mina Nadia Noah Olga Omar Paula Pedro Rosa Samir Sara Sofia Theo Tomas Vera'.split(
    ' ',
  )

export const lastNames: readonly string[] =
  'Abbott Almeida Andersen Bauer Berg Castro Costa Diaz Duarte Eriksen Fischer Garcia Haddad Hansen Ito Jansen Keller Kim Kovacs Larsen Lopez Martin Meyer Moreau Novak Okafor Park Perez Rossi Sato Silva Singh Smith Tanaka Torres Vogel Weber Wong Young Zeman'.split(
    ' ',
  )

export const streets: readonly string[] = [
  'Harbor Street',
  'Mill Lane',
  'Station Road',
  'Orchard Avenue',
  'River Street',
  'Garden Road',
  'Market Square',
  'Church Street',
  'Park Avenue',
  'Hill Road',
]

export const companies: readonly string[] = [
  'Amber & Sons',
  'Cedar Supply',
  'Coral Works',
  'Harbor Goods',
  'Juniper Trading',
  'Lantern Books',
  'Meadow Foods',
  'Quartz Tools',
  'Tide Outfitters',
  'Willow Home',
]

/** What belongs together in an address. */
export interface Location {
  city: string
  province: string
  postalCode: string
  country: string
  /** ISO 3166-1, two letters and three. */
  alpha2: string
  alpha3: string
  latitude: number
  longitude: number
}

function location(line: string): Location {
  const [city, province, postalCode, country, alpha2, alpha3, latitude, longitude] = line.split('|')
  return {
    city: city!,
    province: province!,
    postalCode: postalCode!,
    country: country!,
    alpha2: alpha2!,
    alpha3: alpha3!,
    latitude: Number(latitude),
    longitude: Number(longitude),
  }
}

export const locations: readonly Location[] = [
  'Berlin|BE|10115|Germany|DE|DEU|52.53|13.38',
  'Hamburg|HH|20095|Germany|DE|DEU|53.55|10.00',
  'Paris|IDF|75001|France|FR|FRA|48.86|2.34',
  'Lyon|ARA|69001|France|FR|FRA|45.77|4.83',
  'Madrid|MD|28001|Spain|ES|ESP|40.42|-3.69',
  'Milan|MI|20121|Italy|IT|ITA|45.47|9.19',
  'Lisbon|LIS|1100-148|Portugal|PT|PRT|38.71|-9.14',
  'Amsterdam|NH|1012|Netherlands|NL|NLD|52.37|4.90',
  'London|LND|EC1A 1BB|United Kingdom|GB|GBR|51.52|-0.10',
  'Dublin|D|D02 AF30|Ireland|IE|IRL|53.34|-6.26',
  'New York|NY|10001|United States|US|USA|40.75|-73.99',
  'Portland|OR|97201|United States|US|USA|45.51|-122.69',
  'Toronto|ON|M5H 2N2|Canada|CA|CAN|43.65|-79.38',
  'Sydney|NSW|2000|Australia|AU|AUS|-33.87|151.21',
  'Tokyo|13|100-0001|Japan|JP|JPN|35.68|139.76',
].map(location)

export const currencies: readonly string[] = ['EUR', 'USD', 'GBP', 'CAD', 'JPY', 'AUD', 'CHF', 'SEK']
export const languages: readonly string[] = ['en', 'de', 'fr', 'es', 'it', 'pt', 'ja', 'nl']
export const timezones: readonly string[] = [
  'Europe/Berlin',
  'Europe/Paris',
  'America/New_York',
  'Asia/Tokyo',
  'UTC',
]
export const colors: readonly string[] = [
  'blue',
  'green',
  'red',
  'silver',
  'black',
  'white',
  'amber',
  'violet',
]
export const statuses: readonly string[] = ['active', 'pending', 'open', 'completed']
