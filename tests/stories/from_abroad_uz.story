country UZ
# He calls from Russia, in Uzbek. Until he has said what hour it is with him, nobody may ring (R3).
abroad dials
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on} Davom 0 Yo'q
> {on}
> 4
< Yozildi. Kod {code}: eslab qoling. Tel qilganda biz {ours} deymiz, siz {word} deysiz.⏎1 Davom 0 Tamom
> 1
< Yoshingiz nechada?⏎1 18 gacha⏎2 18 va undan katta⏎0 O'tkazib yuborish
> 0
< Qaysi kunlari?⏎1 Har kuni⏎2 Faqat ertaga⏎3 Tanlayman⏎0 Ortga
> 1
< Sizda hozir soat necha? 1 dan 24 gacha tering. Busiz tel qila olmaymiz.⏎0 Aytmayman
> 0
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
> 00
< Qanday yordam kerak?⏎1 Xavf⏎2 Menga tel qiling⏎3 Sog'liq⏎4 Maslahat⏎5 Yaqinim uchun⏎9 Yana
> 9
> 2
> 2
> 4
< Sizda hozir soat necha? 1 dan 24 gacha tering.⏎0 Aytmayman
> 77
< Soatni tering: 1 dan 24 gacha.⏎0 Aytmayman
> 14
< Kodni tering, 6 ta raqam.⏎0 Ortga
> {code}
> the digit of {word}
< Xo'p. Endi faqat 17:00-21:00 orasida tel qilishlari mumkin.
wait 10 minutes
request is offered

# In a new call she is asked her hour first, and not where she is.
abroad dials
> 1
> 2
< Sizga yordamchi tel qiladi. Raqamingizni bir vaqtda bitta yordam xizmati ko'radi. Uni ko'pi bilan 30 kun saqlaymiz.⏎{on_b} Davom 0 Yo'q
> {on_b}
> 1
< Yozildi. Kod {code_b}: eslab qoling. Tel qilganda biz {ours_b} deymiz, siz {word_b} deysiz.⏎1 Davom 0 Tamom
> 1
< Yoshingiz nechada?⏎1 18 gacha⏎2 18 va undan katta⏎0 O'tkazib yuborish
> 0
< Sizda hozir soat necha? 1 dan 24 gacha tering. Busiz tel qila olmaymiz.⏎0 Aytmayman
> 14
< Qanday yordam kerak?⏎1 Oylik bermayapti⏎2 Hujjatimni olib qo'yishgan⏎3 Uyga qaytish⏎4 Tunash joyi⏎5 Sog'liq⏎6 Gaplashish⏎7 Yurist⏎9 Yana⏎0 O'tkazib yuborish
> 0
> 0
> 0
> 0
> 0
> 1
> 0
< Tel qilamiz: 24.11 14:10-21:00. To'xtatish uchun yana tering.
