/** The generations of OpenAPI, whose words differ. */
export type Dialect = '2.0' | '3.0' | '3.1' | '3.2'
