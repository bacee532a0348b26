"""Pure rules of rating: facts about customers in, levels and the reasons for them out. No rows, no clock."""
