country UZ
# Who she is, and whether a line of the state may ring, too: each answer of each, in Uzbek. She reads what may follow
# before she can say yes, and may say no on each screen.
dial
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
< To'xtatish uchun yana tering, keyin: Tel qilishni to'xtatish. Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Yo'q
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
> 1
< Yoshingiz nechada?⏎1 18 gacha⏎2 18 va undan katta⏎0 O'tkazib yuborish
> 0
< Qayerdasiz?⏎1 Toshkent⏎2 Toshkent vil.⏎3 Samarqand⏎4 Farg'ona⏎5 Qashqadaryo⏎6 Andijon⏎7 Namangan⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 0
< Xabar qoldirsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Kimligimizni boshqalarga aytsak bo'ladimi?⏎2 Ha⏎0 Yo'q
> 0
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Avval biz {ours} deymiz, keyin siz {word} deysiz. Boshqa so'z aytsak, go'shakni qo'ying.⏎1 Davom 0 Tamom
> 1
< Gaplashish xavfli bo'lsa, "adashib tushdingiz" deng. Biz darrov go'shakni qo'yamiz.⏎1 Davom⏎0 Tamom
> 1
< Yozildi. Yana biror narsa?⏎1 Kunlar⏎2 Kim tel qilsin⏎3 Kim deb tanishamiz⏎9 Yana⏎0 Tamom
> 9
< Yozildi. Yana biror narsa?⏎1 Yoshim⏎2 Pullikmi?⏎3 Boshqa raqam⏎9 Yana⏎0 Tamom
> 9
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 1
< Siz ayolmisiz, erkakmisiz?⏎1 Ayol⏎2 Erkak⏎0 O'tkazib yuborish
> 1
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 1
< Siz ayolmisiz, erkakmisiz?⏎1 Ayol⏎2 Erkak⏎0 O'tkazib yuborish
> 2
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 1
< Siz ayolmisiz, erkakmisiz?⏎1 Ayol⏎2 Erkak⏎0 O'tkazib yuborish
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Ular sizga yomonlik qilgan odam bilan ham gaplashishi mumkin.⏎1 Davom⏎0 Yo'q
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Ular sizga yomonlik qilgan odam bilan ham gaplashishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Sizga davlat ishonch telefoni ham tel qilsinmi?⏎1 Ha⏎0 Yo'q
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Ular sizga yomonlik qilgan odam bilan ham gaplashishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Sizga davlat ishonch telefoni ham tel qilsinmi?⏎1 Ha⏎0 Yo'q
> 1
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 7
< Ular militsiyaga aytishi va kimligingizni yozib olishi mumkin. 1 yoki 0:⏎1 Davom⏎0 Yo'q
> 1
< Ular sizga yomonlik qilgan odam bilan ham gaplashishi mumkin.⏎1 Davom⏎0 Yo'q
> 1
< Sizga davlat ishonch telefoni ham tel qilsinmi?⏎1 Ha⏎0 Yo'q
> 7
< Xato tugma.⏎Sizga davlat ishonch telefoni ham tel qilsinmi?⏎1 Ha⏎0 Yo'q
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom

other dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on_b} Davom 0 Yo'q
> {on_b}
< To'xtatish uchun yana tering, keyin: Tel qilishni to'xtatish. Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Yo'q
> 1
< Yozildi. Kod {code_b}: eslab qoling. Tel qilganda biz {ours_b} deymiz, siz {word_b} deysiz.⏎1 Davom 0 Tamom
> 1
< Yoshingiz nechada?⏎1 18 gacha⏎2 18 va undan katta⏎0 O'tkazib yuborish
> 0
< Qayerdasiz?⏎1 Toshkent⏎2 Toshkent vil.⏎3 Samarqand⏎4 Farg'ona⏎5 Qashqadaryo⏎6 Andijon⏎7 Namangan⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 0
< Xabar qoldirsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Kimligimizni boshqalarga aytsak bo'ladimi?⏎2 Ha⏎0 Yo'q
> 0
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Avval biz {ours_b} deymiz, keyin siz {word_b} deysiz. Boshqa so'z aytsak, go'shakni qo'ying.⏎1 Davom 0 Tamom
> 1
< Gaplashish xavfli bo'lsa, "adashib tushdingiz" deng. Biz darrov go'shakni qo'yamiz.⏎1 Davom⏎0 Tamom
> 7
< "Adashib tushdingiz" desangiz, darrov go'shakni qo'yamiz. 1 yoki 0:⏎1 Davom⏎0 Tamom
> 0
< Tel qilamiz: 24.11 09:00-21:00. To'xtatish uchun yana tering.

third dials
< 1 O'zbekcha⏎2 Русский⏎3 Ўзбекча⏎4 Тоҷикӣ⏎5 English⏎8 SOS
> 1
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on_c} Davom 0 Yo'q
> {on_c}
< To'xtatish uchun yana tering, keyin: Tel qilishni to'xtatish. Qachon tel qilaylik?⏎1 Kun bo'yi 8-21⏎2 Ertalab 8-12⏎3 Kunduzi 12-17⏎4 Kechqurun 17-21⏎0 Yo'q
> 1
< Yozildi. Kod {code_c}: eslab qoling. Tel qilganda biz {ours_c} deymiz, siz {word_c} deysiz.⏎1 Davom 0 Tamom
> 1
< Yoshingiz nechada?⏎1 18 gacha⏎2 18 va undan katta⏎0 O'tkazib yuborish
> 0
< Qayerdasiz?⏎1 Toshkent⏎2 Toshkent vil.⏎3 Samarqand⏎4 Farg'ona⏎5 Qashqadaryo⏎6 Andijon⏎7 Namangan⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
> 0
< Telefonni boshqa odam olsa, u bilan gaplashaylikmi?⏎1 Ha⏎0 Yo'q
> 0
< Xabar qoldirsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Kimligimizni boshqalarga aytsak bo'ladimi?⏎2 Ha⏎0 Yo'q
> 0
< Sizga SMS yozsak bo'ladimi?⏎1 Ha⏎0 Yo'q
> 0
< Avval biz {ours_c} deymiz, keyin siz {word_c} deysiz. Boshqa so'z aytsak, go'shakni qo'ying.⏎1 Davom 0 Tamom
> 1
< Gaplashish xavfli bo'lsa, "adashib tushdingiz" deng. Biz darrov go'shakni qo'yamiz.⏎1 Davom⏎0 Tamom
> 1
< Yozildi. Yana biror narsa?⏎1 Kunlar⏎2 Kim tel qilsin⏎3 Kim deb tanishamiz⏎9 Yana⏎0 Tamom
> 9
< Yozildi. Yana biror narsa?⏎1 Yoshim⏎2 Pullikmi?⏎3 Boshqa raqam⏎9 Yana⏎0 Tamom
> 9
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 1
< Siz ayolmisiz, erkakmisiz?⏎1 Ayol⏎2 Erkak⏎0 O'tkazib yuborish
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 9
< 1, 2 yoki 0 ni bosing:⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 1
< Siz ayolmisiz, erkakmisiz?⏎1 Ayol⏎2 Erkak⏎0 O'tkazib yuborish
> 1
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
> 2
< Davlat ishonch telefoni militsiyaga aytishi va kimligingizni yozib olishi mumkin.⏎1 Davom⏎0 Yo'q
> 0
< Yozildi. Yana biror narsa?⏎1 Ayol yoki erkak⏎2 Davlat ishonch telefoni⏎0 Tamom
