# Key 8 on the very first screen, before a language is chosen.
dial
> 8
< SOS: милиция/police 102?, врач/doctor 103?, сүйлөшүү/talk 189?.
