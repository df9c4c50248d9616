// Remembers in this browser what was seen, for the next visit.
export default function ({ data }) {
  document.cookie = `${data.name}=${data.value}; path=/; max-age=31536000; SameSite=Strict`
}
