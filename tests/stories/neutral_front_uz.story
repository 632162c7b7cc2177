country UZ with a neutral front
# In Uzbek: *more*, the first menu, *call me*: five presses. Key 99 works there, too, and before anything is stored it
# leaves nothing.
dial
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English
> 1
< Ma'lumot:⏎1 Ish⏎2 Sog'liq⏎3 Chet elga⏎4 Menga tel qiling⏎9 Yana
> 9
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 00
< Ma'lumot:⏎1 Ish⏎2 Sog'liq⏎3 Chet elga⏎4 Menga tel qiling⏎9 Yana
> 9
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> 99
< Bugun yangilik yo'q. Rahmat.

other dials
> 1
> 9
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on_b} Davom 0 Yo'q
> {on_b}
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
hang up
wait 5 minutes
request is offered
