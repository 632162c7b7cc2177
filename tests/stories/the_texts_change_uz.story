country UZ
# The texts change during a call: what was pressed may mean something else now, so nothing is done by it. In Uzbek.
dial
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
hang up
wait 30 minutes

other dials
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on_b} Davom 0 Yo'q
the texts change
> {on_b}
< Yana bir marta terib ko'ring. Xavf bo'lsa: 102?, 103?.
hang up

third dials
> 1
> 9
the texts change
> 3
< Yana bir marta terib ko'ring. Xavf bo'lsa: 102?, 103?.
