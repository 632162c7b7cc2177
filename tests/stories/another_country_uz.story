country UZ
# In Uzbek. The caller is abroad with a telephone of home and skips the list of countries. The hour is asked all the
# same, and skipped too: until it is known nobody may call (R3), so no service is asked.
dial
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
> 1
> 0
< Qayerdasiz?⏎1 Toshkent⏎2 Toshkent vil.⏎3 Samarqand⏎4 Farg'ona⏎5 Qashqadaryo⏎6 Andijon⏎7 Namangan⏎9 Yana⏎0 O'tkazib yuborish
> 9
< 1 Surxondaryo⏎2 Buxoro⏎3 Xorazm⏎4 Qoraqalpog'iston⏎5 Jizzax⏎6 Navoiy⏎7 Sirdaryo⏎9 Yana⏎0 O'tkazib yuborish
> 9
< 1 Chet elda⏎9 Yana⏎0 O'tkazib yuborish
> 1
< Qaysi davlat?⏎1 Rossiya⏎2 Qozog'iston⏎3 Turkiya⏎4 Koreya⏎5 Amirliklar⏎6 Polsha⏎7 Boshqa davlat⏎0 O'tkazib yuborish
> 0
< Sizda hozir soat necha? 1 dan 24 gacha tering. Busiz tel qila olmaymiz.⏎0 Aytmayman
> 0
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
hang up
wait 1 hour
request is stranded

dial
> 1
> 9
> 2
> 1
> {code}
> the digit of {word}
< Sizda soat nechaligi noma'lum, tel qila olmaymiz. Uni aytish: Iltimosim, 9, 9, 1.

dial
> 1
> 9
> 2
> 9
> 9
< Iltimosim:⏎1 Menda soat necha⏎2 Javoblarimni o'zgartirish⏎0 Ortga
> 1
< Sizda hozir soat necha? 1 dan 24 gacha tering.⏎0 Aytmayman
> 8
> {code}
> the digit of {word}
< Xo'p. Endi faqat yangi vaqtda tel qilishlari mumkin.
wait 1 hour
# The hour is known now. No service of the made-up directory serves a country that is not known.
dial
> 1
> 9
> 2
> 1
> {code}
> the digit of {word}
< Hozircha yordamchi yo'q. Odamlarimiz qidiryapti.
