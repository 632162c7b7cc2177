country UZ
# What can be done with a request, with a code that was never given out, in Uzbek.
dial
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 9
< Yana:⏎1 Raqamlar⏎2 Iltimosim⏎3 Tel qilishni to'xtatish⏎4 Mutaxassislarga⏎0 Ortga
> 2
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
> 1
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 000000
< So'zingiz?⏎1 DARYO⏎2 ANOR⏎3 KITOB⏎4 DERAZA⏎5 QUYON⏎6 STOL⏎7 BULUT⏎0 Ortga
> 1
< Bu kod va so'z bilan iltimos hozir ochilmadi. Qayta urinish uchun *500# tering.

other dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 9
< Yana:⏎1 Raqamlar⏎2 Iltimosim⏎3 Tel qilishni to'xtatish⏎4 Mutaxassislarga⏎0 Ortga
> 2
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
> 2
< Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Ortga
> 1
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Ortga
> 2
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Ortga
> 3
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Ortga
> 4
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Ortga
> 0
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
> 3
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
> 9
< Iltimosim:⏎1 Ruxsatlarim⏎2 Qo'ng'iroq qanday bo'ldi?⏎3 Boshqa yordamchi⏎9 Yana⏎0 Ortga
> 1
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 1
< Xabar qoldirsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 1
< Kimligimizni boshqalarga aytsak bo'ladimi?⏎2 Ha⏎0 Yo'q
> 2
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 1
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Kodni tering, 6 ta raqam.⏎0 Ortga
hang up

third dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 9
< Yana:⏎1 Raqamlar⏎2 Iltimosim⏎3 Tel qilishni to'xtatish⏎4 Mutaxassislarga⏎0 Ortga
> 2
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
> 9
< Iltimosim:⏎1 Ruxsatlarim⏎2 Qo'ng'iroq qanday bo'ldi?⏎3 Boshqa yordamchi⏎9 Yana⏎0 Ortga
> 2
< Qo'ng'iroq yaxshi o'tdimi?⏎1 Ha, rahmat⏎2 Tel qilishmadi⏎3 Zarari tegdi⏎0 Ortga
> 1
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qo'ng'iroq yaxshi o'tdimi?⏎1 Ha, rahmat⏎2 Tel qilishmadi⏎3 Zarari tegdi⏎0 Ortga
> 2
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qo'ng'iroq yaxshi o'tdimi?⏎1 Ha, rahmat⏎2 Tel qilishmadi⏎3 Zarari tegdi⏎0 Ortga
> 3
< Kodni tering, 6 ta raqam.⏎0 Ortga
> 0
< Qo'ng'iroq yaxshi o'tdimi?⏎1 Ha, rahmat⏎2 Tel qilishmadi⏎3 Zarari tegdi⏎0 Ortga
> 0
< Iltimosim:⏎1 Ruxsatlarim⏎2 Qo'ng'iroq qanday bo'ldi?⏎3 Boshqa yordamchi⏎9 Yana⏎0 Ortga
> 1
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 0
< Xabar qoldirsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Kimligimizni boshqalarga aytsak bo'ladimi?⏎2 Ha⏎0 Yo'q
> 0
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
hang up


# Who wants no other helper comes back to where it began.
fourth dials
> 1
> 9
> 2
> 9
< Iltimosim:⏎1 Ruxsatlarim⏎2 Qo'ng'iroq qanday bo'ldi?⏎3 Boshqa yordamchi⏎9 Yana⏎0 Ortga
> 3
< Yordamchilar sizga tel qila olmagan bo'lsa: raqamni boshqasiga beraylikmi?⏎1 Ha⏎0 Yo'q
> 0
< Iltimosim:⏎1 Yangilik bormi?⏎2 Boshqa vaqt⏎3 Raqamimni o'chiring⏎9 Yana⏎0 Ortga
