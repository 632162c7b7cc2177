country UZ
# A caseworker in Samarkand with an old telephone has talked to the caller, and saves when they talk again. In Uzbek.
dial
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
> 1
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
> 1
> 0
> 3
> 0
> 1
> 0
> 0
> 0
> 0
> 0
wait 5 minutes
uz-samarkand gets: Samarqand, UZ, Oylik bermayapti, yoshi aytilmagan, istalgan vaqt. YO'Q/HA {one}
uz-samarkand sends: ha {one}
uz-samarkand gets: {one} sizniki. 24.11 09:00-21:00. Avval "Qulaymi?" Siz {ours} deysiz, u {word} deydi. Boshqalar bilan gaplashish: yo'q. Xabar qoldirish: yo'q. SMS: yo'q. Kimligimizni aytish: yo'q. Raqam: RAQAM {one}
uz-samarkand sends: keyingi {one} ertaga 14:00
uz-samarkand gets: {one}: hali gaplashmadingiz. Gaplashsangiz: GAPLASHDIM {one}
uz-samarkand sends: {one} 7
uz-samarkand gets: {one}: +998000111001, 21:00 gacha. So'z boshqami? Adashibmiz deng, go'shakni qo'ying, {one} 0 yuboring. Adashib tushdingiz desa: go'shakni qo'ying, {one} 6 yuboring. Bo'lmasa: {one} va 1 gaplashdim 2 javob yo'q 3 band 4 o'chgan 5 begona. 5 va 0 barcha qo'ng'iroqni to'xtatadi
uz-samarkand sends: {one} 1
uz-samarkand gets: {one}: rahmat. Keyingi qo'ng'iroq: KEYINGI {one} JUMA 14:00. Tugasa: TUGADI {one}
uz-samarkand sends: {one}
uz-samarkand gets: {one}: gaplashdingiz. Tugasa: TUGADI {one}. Boshqaga bersangiz: BERDIM {one} nomi. Sizniki bo'lmasa: BIZGA EMAS {one}. Xatomi? QAYTAR {one}
uz-samarkand gets: Keyingi qo'ng'iroq: KEYINGI {one} JUMA 14:00. Yoki BUGUN, ERTAGA
uz-samarkand sends: KEYINGI {one} JUMA 25:00
uz-samarkand gets: {one}: yozilmadi. Yuboring: KEYINGI {one} JUMA 14:00. Yoki BUGUN, ERTAGA
uz-samarkand sends: keyingi juma 14:00
uz-samarkand gets: {one}: yozilmadi. Yuboring: KEYINGI {one} JUMA 14:00. Yoki BUGUN, ERTAGA
uz-samarkand sends: keyingi {one} juma soat 14:00
uz-samarkand gets: {one}: keyingi qo'ng'iroq Ju 27.11 14:00. 30 daqiqa oldin eslatamiz.
request is reached
# A later one takes its place.
uz-samarkand sends: {one} keyingi ertaga 10 30
uz-samarkand gets: {one}: keyingi qo'ng'iroq Cho 25.11 10:30. 30 daqiqa oldin eslatamiz.
wait 2 days
uz-samarkand gets: {one}: soat 10:30 ga kelishilgan bog'lanish bor.
uz-samarkand gets nothing
caller gets nothing
