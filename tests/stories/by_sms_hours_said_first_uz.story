country UZ
# The same in Uzbek, in Latin letters.
caller sends: tel qiling ertalab
caller gets: Soat 08:00 dan 12:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
caller sends: yo'q
caller gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
caller sends: tel qiling kunduzi
caller gets: Soat 12:00 dan 17:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
caller sends: yo'q
caller gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
other sends: tel qiling kechqurun
other gets: Soat 17:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
other sends: yo'q
other gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
other sends: tel qiling 6 dan keyin
other gets: Soat 18:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
other sends: yo'q
other gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
third sends: tel qiling 7 dan keyin
third gets: Soat 19:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
third sends: yo'q
third gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
third sends: tel qiling ertaga
third gets: Ertaga soat 08:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
third sends: yo'q
third gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
fourth sends: tel qiling ertaga ertalab
fourth gets: Ertaga soat 08:00 dan 12:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
fourth sends: yo'q
fourth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
fourth sends: tel qiling ertaga kunduzi
fourth gets: Ertaga soat 12:00 dan 17:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
fourth sends: yo'q
fourth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
fifth sends: tel qiling ertaga kechqurun
fifth gets: Ertaga soat 17:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
fifth sends: yo'q
fifth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
fifth sends: tel qiling bugun ertalab
fifth gets: Bugun soat 08:00 dan 12:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
fifth sends: yo'q
fifth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
sixth sends: tel qiling bugun kunduzi
sixth gets: Bugun soat 12:00 dan 17:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
sixth sends: yo'q
sixth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
sixth sends: tel qiling bugun kechqurun
sixth gets: Bugun soat 17:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
sixth sends: yo'q
sixth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
seventh sends: tel qiling istalgan vaqt
seventh gets: Soat 08:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
seventh sends: yo'q
seventh gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
seventh sends: tel qiling kechqurun
seventh gets: Soat 17:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
seventh sends: ha
seventh gets: Xo'p. Biz {ours} deymiz, siz {word} deysiz. Buni o'chirsangiz yaxshi.⏎1 Yana 0 Tamom
request is waiting
fourth sends: tel qiling 7 dan keyin
fourth gets: Soat 19:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
fourth sends: 2
fourth gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
