import { createServer } from 'node:http'
import { createRockpool } from '@rockpool/sdk'
import { rockpoolNodeHttp } from '@rockpool/sdk/node-http'

const rockpool = createRockpool()

const server = createServer(
  rockpoolNodeHttp(rockpool, (_request, response) => {
    const { organization, environment } = rockpool.identity()
    response.end(`Hello ${organization}, you are in ${environment}.\n`)
  }),
)
server.listen(Number(process.env['PORT']), process.env['HOST'])
