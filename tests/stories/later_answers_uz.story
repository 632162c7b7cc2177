country UZ
# With code and word a caller changes days, who calls, the need, the place and the permissions, says how the call was, and
# then deletes the number. In Uzbek.
dial
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
hang up

# Days of their own.
dial
> 1*9*2*9*9*2
< Nimani o'zgartiramiz?⏎1 Aniq soati⏎2 Kunlar⏎3 Kim tel qilsin⏎9 Yana⏎0 Ortga
> 2
< Qaysi kunlari?⏎1 Har kuni⏎2 Dushanba-juma⏎3 Shanba, yakshanba⏎4 Tanlayman⏎0 Ortga
> 4
< Kunlarni ketma-ket tering: 1 dushanba, 7 yakshanba, bugun 2.⏎0 Ortga
> 135
< Kodni tering, 6 ta raqam.⏎0 Ortga
> {code}
> the digit of {word}
< Xo'p. Endi faqat yangi vaqtda tel qilishlari mumkin.

# Who calls, and in which language.
dial
> 1*9*2*9*9*2*3
< Sizga kim tel qilsin?⏎1 Ayol⏎2 Erkak⏎3 Farqi yo'q⏎0 Ortga
> 1
< Qaysi tilda?⏎1 O'zbekcha⏎2 Русский⏎9 Yana⏎0 O'tkazib yuborish
> 2
> {code}
> the digit of {word}
< Xo'p. O'zgartirdik. Yordamchi biladi.

# The need.
dial
> 1*9*2*9*9*2*9*2
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 Ortga
> 1
> {code}
> the digit of {word}
< Xo'p. O'zgartirdik. Yordamchi biladi.

# A district, then a country abroad. Its clock is not known, so nobody may call (R3).
dial
> 1*9*2*9*9*2*9*1
< Qayerdasiz?⏎1 Toshkent⏎2 Toshkent vil.⏎3 Samarqand⏎4 Farg'ona⏎5 Qashqadaryo⏎6 Andijon⏎7 Namangan⏎9 Yana⏎0 Ortga
> 3
< Qaysi biri?⏎1 Oqdaryo⏎2 Bulung'ur⏎3 Jomboy⏎4 Ishtixon⏎5 Kattaqo'rg'on⏎6 Qo'shrabot⏎7 Narpay⏎9 Yana⏎0 O'tkazib yuborish
> 1
> {code}
> the digit of {word}
< Xo'p. O'zgartirdik. Yordamchi biladi.
dial
> 1*9*2*9*9*2*9*1*9*9
< 1 Chet elda⏎9 Yana⏎0 Ortga
> 1
< Qaysi davlat?⏎1 Rossiya⏎2 Qozog'iston⏎3 Turkiya⏎4 Koreya⏎5 Amirliklar⏎6 Polsha⏎7 Boshqa davlat⏎0 O'tkazib yuborish
> 1
< Sizda hozir soat necha? 1 dan 24 gacha tering.⏎0 Aytmayman
> 0
> {code}
> the digit of {word}
< Sizda soat nechaligi noma'lum, tel qila olmaymiz. Uni aytish: Iltimosim, 9, 9, 1.

# What they allow.
dial
> 1*9*2*9*1
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 1*0*0*1
> {code}
> the digit of {word}
< Xo'p. Yordamchilar siz aytgandek qiladi.

# How the call was: it made things worse.
dial
> 1*9*2*9*2
< Qo'ng'iroq yaxshi o'tdimi?⏎1 Ha, rahmat⏎2 Tel qilishmadi⏎3 Zarari tegdi⏎0 Ortga
> 3
> {code}
> the digit of {word}
< Rahmat. Bu yaxshiroq ishlashimizga yordam beradi.

# The number is deleted. Who looks again reads that it is.
dial
> 1*9*2*3
> {code}
> the digit of {word}
< Bo'ldi. Hech kim tel qilmaydi. Raqamingiz o'chirildi.
dial
> 1*9*2*1
> {code}
> the digit of {word}
< Bo'ldi. Hech kim tel qilmaydi. Raqamingiz o'chirildi.
caller gets nothing
