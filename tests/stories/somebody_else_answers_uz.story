country UZ
# A caseworker in Samarkand rings in the hour given, and somebody else answers: everything of that phone stops. It was a
# slip of hers, which she cannot take back; two coordinators lift it together, and it goes on.
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
uz-samarkand sends: raqam
uz-samarkand gets: Hali bajarilmadi. Yuboring: {one} 7
uz-samarkand sends: {one} 7
uz-samarkand gets: {one}: +998000111001, 21:00 gacha. So'z boshqami? Adashibmiz deng, go'shakni qo'ying, {one} 0 yuboring. Adashib tushdingiz desa: go'shakni qo'ying, {one} 6 yuboring. Bo'lmasa: {one} va 1 gaplashdim 2 javob yo'q 3 band 4 o'chgan 5 begona. 5 va 0 barcha qo'ng'iroqni to'xtatadi
uz-samarkand sends: {one}
uz-samarkand gets: {one} va 1 gaplashdim 2 javob yo'q 3 band 4 o'chgan 5 begona odam
uz-samarkand gets: {one} va 6 xavfli 7 raqam 8 uzdi 9 raqam xato 0 so'z boshqa. 5 va 0 bu telefonga barcha qo'ng'iroqlarni to'xtatadi
uz-samarkand sends: {one} 5
uz-samarkand gets: {one}: endi tel qilmang. Raqamni o'chirib tashlang.
request is frozen
uz-samarkand sends: qaytar {one}
uz-samarkand gets: {one} to'xtatilgan. Xatomi? Koordinatorga tel qiling: ikki koordinator ochadi.
uz-samarkand sends: raqam {one}
uz-samarkand gets: {one}: endi tel qilmang. Raqamni o'chirib tashlang.
uz-coordinator-1 gets: {first}: не звоним: не тот человек или слово. Ошибка? Вдвоём: LIFT {first}
uz-coordinator-2 gets: {second}: не звоним: не тот человек или слово. Ошибка? Вдвоём: LIFT {second}
uz-coordinator-1 sends: снять {first}
uz-coordinator-1 gets: {first}: принято. LIFT должен написать и второй координатор.
request is frozen
uz-coordinator-2 sends: LIFT {second}
uz-coordinator-2 gets: {second}: звонить снова можно. Ещё раз спросим службу.
request is offered
caller gets nothing
