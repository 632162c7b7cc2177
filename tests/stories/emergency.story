# Key 8 on the very first screen, before a language is chosen.
dial
> 8
< Коркунуч болсо: 102?, 103?. Сүйлөшүү: 189?.
