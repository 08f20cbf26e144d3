/** What a request of an operation needs and cannot be made up; its message completes the sentence “it was not tried: …”. */
export class NotMade extends Error {}
