# With code and word a caller says later when, on which days, who calls, what they need and where they are. In English.
dial
> 4
> 2
< A helper will call you. One help service at a time gets your number. We keep it 30 days at most.⏎{on} Next 0 No
> {on}
> 1
< Saved. Code {code}: remember it. When we call, we say {ours} and you answer {word}.⏎1 Next 0 End
> 0
< We will call 24.11 10:00-21:00. To stop calls, dial again.
kg-country gets: Request: place not said, EN, need not said, age not said, any time. NO/YES {offer}
kg-country sends: YES {offer}
kg-country gets: {offer} is yours. 24.11 10:00-21:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}

# From 9 to 11. An hour that cannot be, or is not later than the first, is asked for again.
dial
> 4*9*2*9*9
< My request:⏎1 The time where I am⏎2 Change my answers⏎0 Back
> 2
< What should we change?⏎1 Exact hours⏎2 Which days⏎3 Who calls⏎9 More⏎0 Back
> 1
< From what hour may we call? Type 8 to 20.⏎0 Back
> 21
< Type the hour, 8 to 20.⏎0 Back
> 9
< Until what hour? Type 9 to 21.⏎0 Back
> 9
< Type a later hour, up to 21.⏎0 Back
> 11
< Type the code, 6 digits.⏎0 Back
> {code}
> the digit of {word}
< OK. We call only from 09:00 to 11:00.
kg-country gets: {offer}: new time: 24.11 09:00-11:00. Not before, not after.

# Monday to Friday.
dial
> 4*9*2*9*9*2*2
< On which days?⏎1 Every day⏎2 Monday-Friday⏎3 Saturday, Sunday⏎4 I choose⏎0 Back
> 2
< Type the code, 6 digits.⏎0 Back
> {code}
> the digit of {word}
< OK. We call only at your new time.
kg-country gets: {offer}: new time: 24.11 09:00-11:00, Mo-Fr. Not before, not after.

# Who calls, and in which language.
dial
> 4*9*2*9*9*2*3
< Who should call you?⏎1 A woman⏎2 A man⏎3 Anyone⏎0 Back
> 1
< In which language?⏎1 Кыргызча⏎2 Русский⏎3 Ўзбекча⏎9 More⏎0 Skip
> 2
< Type the code, 6 digits.⏎0 Back
> {code}
> the digit of {word}
< OK. Changed. The helper will know.
kg-country gets: {offer} is yours. 24.11 09:00-11:00. First ask 'Good time?' You say {ours}, they say {word}. Talk to others: no. Leave a message: no. SMS: no. Say who we are: no. For the number: NUMBER {offer}
kg-country gets: {offer}: Mo-Fr, RU woman.

# The need.
dial
> 4*9*2*9*9*2*9
< What should we change?⏎1 Where I am⏎2 What I need⏎3 Where the other person is⏎0 Back
> 2
< What help do you need?⏎1 Unpaid wages⏎2 Papers taken⏎3 Go home⏎4 Safe place⏎5 Health⏎6 To talk⏎7 Lawyer⏎9 More⏎0 Back
> 1
< Type the code, 6 digits.⏎0 Back
> {code}
> the digit of {word}
< OK. Changed. The helper will know.
kg-country gets: {offer}, changed: place not said, RU woman, Unpaid wages, age not said.

# The place, down to a district.
dial
> 4*9*2*9*9*2*9*1
< Where are you?⏎1 Bishkek⏎2 Osh city⏎3 Chuy⏎4 Osh region⏎5 Jalal-Abad⏎6 Issyk-Kul⏎7 Naryn⏎9 More⏎0 Back
> 4
< Which one?⏎1 Uzgen⏎2 Aravan⏎3 Kara-Suu⏎4 Nookat⏎5 Alay⏎6 Kara-Kulja⏎7 Chong-Alay⏎0 Skip
> 1
< Type the code, 6 digits.⏎0 Back
> {code}
> the digit of {word}
< OK. Changed. The helper will know.
kg-country gets: {offer}, changed: Uzgen, RU woman, Unpaid wages, age not said.
