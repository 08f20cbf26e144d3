/** What stays on its connection (RFC 9110, 7.6.1). */
export const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade'])
